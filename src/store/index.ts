/** FHIR resources in PostgreSQL: read, search and write, always of one practice and through the access decision. */
/** From the entries of a Bundle to writes, for import and for REST. */
export { type BundleShape, bundleEntries, bundleShape, type Content, type Entry } from './bundles/entries.ts'
export { type EntryPlan, planEntries } from './bundles/plan.ts'
export type { ConditionalQuery, ResolveMany } from './bundles/resolve.ts'
export { recordAt } from './everything/record-at.ts'
export { type BlocksAsked, blocksOf } from './export/blocks.ts'
export { type Line, type LinePlace, type OnLine, placeIn } from './export/copied-line.ts'
// the state at T as exports read it
export { type DeletionsAsked, deletionsOf, typesDeleted } from './export/deletions.ts'
export { type Extent, extentsOf, reachesOf } from './export/extents.ts'
export { linesOf } from './export/lines.ts'
export { linesOfTypes, typeOfLine } from './export/lines-of-types.ts'
export { type GroupMembers, groupKey, membersAt } from './export/members.ts'
export { noteGone } from './export/note-gone.ts'
export { noteMembers, patientKeys } from './export/note-members.ts'
export { type Cohort, noteBinaries, noteKeys, noteProvenance, noteRows, type RowsAsked } from './export/note-rows.ts'
export { type Choice, type ExportPlace, greatest, least, type Selection } from './export/selection.ts'
export { stateAt } from './export/state-at.ts'
export { addTargetKeys, addTargets, noteTargets } from './export/targets.ts'
export { type EarlierVersion, earlierVersions } from './history/earlier-versions.ts'
export { longestLineBytes } from './index/mark.ts'
export type { IndexScope } from './index/rows.ts'
export { indexedTypes } from './index-state.ts'
export { mainDates } from './main-dates.ts'
export { queueReindex, type ReindexProgress, reindexJob } from './reindex.ts'
export { takeT } from './resources/stamp.ts'
export type { Predicate, See } from './see.ts'
export { settle } from './settle.ts'
export type {
  Change,
  Cursor,
  EverythingAsked,
  EverythingPage,
  Found,
  HistoryPlace,
  Page,
  Row,
  Store,
  Version,
  WriteOperation,
  WriteResult,
} from './store.ts'
export { openStores } from './stores.ts'

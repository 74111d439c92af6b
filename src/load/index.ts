/**
 * Loading FHIR data: import of files, archives and streams, and the entries of Bundles turned into writes (which REST
 * transactions use too).
 */
// import

// Bundles: entries read from text, and a plan for each: what is to be written, what waits, what is refused
export { type BundleShape, bundleEntries, bundleShape, type Content, type Entry } from './bundles/entries.ts'
export { derivedId, ownId } from './bundles/ids.ts'
export { type EntryPlan, type Planning, planEntries } from './bundles/plan.ts'
export type { ConditionalQuery, ResolveMany } from './bundles/resolve.ts'
export { type Fault, type FaultsFile, faultsFile } from './faults-file.ts'
export { type Importing, importFrom, type Progress, type Summary } from './import-from.ts'
export { type Counts, loaded, type Tally } from './tally.ts'

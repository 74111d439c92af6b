/** FHIR R4 as pure code: no network, clock or database. */
export type * from './search/query.ts'
// model: resources as JSON text, which is edited in place and never serialised again
export { compact, hasRawLineBreak } from './model/compact.ts'
export { type VersionMeta, withId, withMeta, withoutVersion } from './model/edit-text.ts'
export { type ItemSpan, itemSpans, type MemberSpan, memberSpan, memberSpans } from './model/json-text.ts'
export { project } from './model/project.ts'
export { readJson } from './model/read-json.ts'
export { type Replace, replaceStrings } from './model/replace-strings.ts'
// model: dates, references, types
export { type DateRange, dateRange, instantText } from './model/dates.ts'
export { conditionalReference, isId, type ParsedReference, parseReference } from './model/references.ts'
export { isResourceType, resourceTypes, typeCode, typeOf } from './model/resource-types.ts'
// outcome: what is told of a request, besides or in place of its answer
export { type OperationOutcome, type OutcomeIssue, outcome } from './outcome.ts'
// model: whose a resource is
export { ownershipOf, ownerSearchParameters, patientOf, unknownPatient } from './model/ownership.ts'
export type { Ownership } from './model/ownership-table.ts'

/** FHIR R4 as pure code: no network, clock or database. */

// search: the parameters of each type, what the index holds of them, and reading a search of a client
export { type OwnSearchParameter, ownSearchParameters } from './definitions/own-search-parameters.ts'
// validate: the structure of R4
export { askedElements, mandatoryElements, summaryElements } from './definitions/shown-elements.ts'
export { type ElementRule, elementRules, jsonNameOf, requiredCodes } from './definitions/structures.ts'
// definitions: what US Core asks
export {
  compartmentTable,
  searchParameterTable,
  type UsCoreCapability,
  usCoreTable,
} from './definitions/tables.ts'
// model: resources as JSON text, which is edited in place and never serialised again
export { compact, hasRawLineBreak } from './model/compact.ts'
// model: dates, references, types
export { type DateRange, dateRange, instantText } from './model/dates.ts'
export { type VersionMeta, withId, withMeta, withoutVersion } from './model/edit-text.ts'
export { type ItemSpan, itemSpans, type MemberSpan, memberSpan, memberSpans } from './model/json-text.ts'
// model: whose a resource is
export { ownerSearchParameters, ownershipOf, patientOf, unknownPatient } from './model/ownership.ts'
export type { Ownership } from './model/ownership-table.ts'
export { project } from './model/project.ts'
export { readJson } from './model/read-json.ts'
export { conditionalReference, isId, type ParsedReference, parseReference } from './model/references.ts'
export { type Replace, replaceStrings } from './model/replace-strings.ts'
export { isResourceType, resourceTypes, typeCode, typeOf } from './model/resource-types.ts'
// outcome: what is told of a request, besides or in place of its answer
export { type OperationOutcome, type OutcomeIssue, outcome } from './outcome.ts'
export { parseConstraint, parseSearch, type SearchRequest } from './search/parse.ts'
export type * from './search/query.ts'
export { controls as searchControls } from './search/reading/controls.ts'
export { modifiersOf } from './search/reading/modifiers.ts'
export type { SearchTerminology } from './search/reading/place.ts'
export {
  compositesOf,
  fingerprint,
  indexPlan,
  type PlannedSource,
  searchParametersOf,
  sourcesOf,
} from './search/registry.ts'
// terminology: R4's and US Core's code systems and value sets
export type { CodeSystem } from './terminology/code-system.ts'
export type { Code } from './terminology/expand.ts'
export { type Terminology, terminology, terminologyOf } from './terminology/terminology.ts'
export { validateStructure } from './validate/structure.ts'
export type { Fault } from './validate/walk.ts'

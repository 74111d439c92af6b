/** FHIR R4 as pure code: no network, clock or database. */

// attachments: where resources hold files, or say where they are

export { hasRelativeAttachment } from './attachments/in-object.ts'
export { attachmentStarts } from './attachments/in-text.ts'
export { isRelativeUrl } from './attachments/places.ts'

// definitions: what R4 and US Core say of types and elements

export { askedElements, mandatoryElements, summaryElements } from './definitions/shown-elements.ts'
export { type ElementRule, elementRules, jsonNameOf, requiredCodes } from './definitions/structures.ts'
export { compartmentTable, searchParameterTable, type UsCoreCapability, usCoreTable } from './definitions/tables.ts'

// groups: who belongs where a rule says it

export { agedSince } from './groups/ages.ts'
export { ageCharacteristic, conditionCharacteristic, genderCharacteristic } from './groups/characteristics.ts'
export { type ConditionRule, type GroupRule, groupRule } from './groups/rule.ts'

// match: how well records fit a patient

export { candidateSearches } from './match/candidate-searches.ts'
export { patientFacts } from './match/patient-facts.ts'
export { type Candidate, missingHeirs, type Ranked, rank } from './match/rank.ts'
export { refusePoor } from './match/refuse-poor.ts'

// model: resources as JSON text, which is edited in place and never serialised again

export { compact, hasRawLineBreak } from './model/compact.ts'
export { withId, withMeta, withoutVersion } from './model/edit-text.ts'
export {
  itemSpans,
  type MemberSpan,
  memberSpan,
  memberSpans,
  memberStart,
  nextToken,
  stringEnd,
  stringValue,
  valueEnd,
} from './model/json-text.ts'
export { labelLists, withLabels, withoutLabels } from './model/labels.ts'
export { project } from './model/project.ts'
export { readJson } from './model/read-json.ts'
export { replaceStrings } from './model/replace-strings.ts'

// model: dates, references, types

export { type DateRange, dateRange, instantText } from './model/dates.ts'
export { conditionalReference, isId, type ParsedReference, parseReference } from './model/references.ts'
export { isResourceType, resourceTypes, typeCode, typeOf } from './model/resource-types.ts'

// model: whose a resource is

export { ownerSearchParameters, ownershipOf, patientOf } from './model/ownership.ts'
export type { Ownership } from './model/ownership-table.ts'

// outcome: what is told of a request, besides or in place of its answer

export { type OperationOutcome, type OutcomeIssue, outcome } from './outcome.ts'

// patch: changes of a resource's text

export { fhirPathPatch } from './patch/fhirpath-patch.ts'
export { jsonPatch } from './patch/json-patch.ts'

// search: the parameters of each type, what the index holds of them, and reading a search of a client

export { parseConstraint, parseSearch, type SearchRequest } from './search/parse.ts'
export type * from './search/query.ts'
export { modifiersOf } from './search/reading/modifiers.ts'
export { compositesOf, fingerprint, indexPlan, type PlannedSource, searchParametersOf } from './search/registry.ts'

// terminology: R4's and US Core's code systems and value sets

export type { CodeSystem } from './terminology/code-system.ts'
export { type Code, expandRule } from './terminology/expand.ts'
export { matchingCodes } from './terminology/matching-codes.ts'
export { memberOf } from './terminology/member-of.ts'
export { type Missing, missingFor } from './terminology/missing.ts'
export {
  namedIn,
  ruleOf,
  type StoredCodeSystem,
  type StoredValueSet,
  storedTables,
} from './terminology/stored-definitions.ts'
export type { ValueSetRule } from './terminology/tables.ts'
export { type Terminology, terminology, terminologyOf } from './terminology/terminology.ts'

// validate: the structure of R4, and narratives that do nothing but tell

export { narrativeFaults } from './validate/narrative.ts'
export { validateStructure } from './validate/structure.ts'
export type { Fault } from './validate/walk.ts'

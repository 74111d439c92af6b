/** The one access decision: may this principal do this to that type, and to which of its rows. */
export { seeAll, seeAs } from './access.ts'
export type { Interaction, Predicate, Principal, See } from './decision.ts'
// scopes as text: https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html
export { isNamed } from './named.ts'
export { offeredScopes } from './offered-scopes.ts'
export { sideOf } from './person.ts'
export { operator, type Permission, type PracticeRules } from './practice-rules.ts'
// what a 403 says
export { refusal } from './refusal.ts'
export { covers, negotiate } from './scope-sets.ts'
export { type Level, parseScopes, type ResourceScope } from './scopes.ts'

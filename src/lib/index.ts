/** Code that knows nothing of FHIR, HTTP or SQL. */
export { kept } from './kept.ts'
export { Problem, type ProblemKind } from './problem.ts'
export { valueAt } from './value-at.ts'

/** Code that knows nothing of FHIR, HTTP or SQL. */
export { type Kept, kept } from './kept.ts'
export { Problem, type ProblemKind, type ProblemOptions, type ProblemPart } from './problem.ts'
export { valueAt } from './value-at.ts'

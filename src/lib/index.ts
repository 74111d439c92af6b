/** Code that knows nothing of FHIR, HTTP or SQL. */
export { kept } from './kept.ts'
export { logLine } from './log-line.ts'
export { newPace, type Pace } from './pace.ts'
export { Problem, type ProblemKind } from './problem.ts'
export { openSeals, type Seals } from './seals.ts'
export { readSecretKeys, type SecretKey } from './secret-keys.ts'
export { valueAt } from './value-at.ts'

/** Synthetic patients: whole lives that hold every element of US Core, the same for the same seed. */
export { timeZone } from './calendar.ts'
export { generate } from './generate.ts'
/** The tag by which the patients of `cover` are found among stored ones. */
export { coverTag } from './life/index.ts'
/** Observations in bulk for benchmarks and the storage figure. */
export { generateObservations } from './observations.ts'
export { usCoreVersions } from './us-core.ts'

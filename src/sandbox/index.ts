/** Synthetic patients: whole lives that hold every element of US Core, the same for the same seed. */
export { cover, defaultReferenceDate, generate, type SandboxOptions } from './generate.ts'
/** The tag by which the patients of `cover` are found among stored ones. */
export { coverTag } from './life/index.ts'
/** Observations in bulk for benchmarks and the storage figure. */
export { generateObservations, type ObservationOptions } from './observations.ts'
export { type UsCore, usCoreVersions } from './us-core.ts'

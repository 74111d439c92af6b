/** Loading FHIR data: import of files, archives and streams of resources and Bundles. */
export { type Fault, type FaultsFile, faultsFile } from './faults-file.ts'
export { type Importing, importFrom, type Progress, type Summary } from './import-from.ts'
export { type Counts, loaded, type Tally } from './tally.ts'

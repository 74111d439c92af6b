/** Loading FHIR data: import of files, archives and streams of resources and Bundles. */
export { type Fault, faultsFile } from './faults-file.ts'
export { type Importing, importFrom, type Progress, type Summary } from './import-from.ts'
export { type ImportedLines, type ImportingLines, importLines, mostFaults } from './import-lines.ts'
export type { LinesPlace } from './reading/going-on.ts'
export { loaded } from './tally.ts'

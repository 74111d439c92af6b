/** The FHIR REST API: its routes, of which the CapabilityStatement is made. */
export { typeInteractions } from './capabilities/interactions.ts'
export { operations } from './operations/index.ts'
export type { Operation, OperationCall } from './operations/operation.ts'
export type { Entry, ParameterTable, Structured } from './operations/parameters/parameter.ts'
export type { RestOptions } from './options.ts'
export { type Beside, restRoutes } from './routes.ts'

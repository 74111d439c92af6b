/** The FHIR REST API: its routes, of which the CapabilityStatement is made. */
export { typeInteractions } from './capabilities/interactions.ts'
export { operations } from './operations/index.ts'
export type { Operation } from './operations/operation.ts'
export type { RestOptions } from './options.ts'
export { restRoutes } from './routes.ts'

/** The Fastify server: practices and their bases, formats, authentication, error replies, log, metrics. */
export type { Answer, Authenticate, Call, JsonFormat, Method, Route } from './call.ts'
export { standardPath } from './enter-practice.ts'
export { fhirReply } from './fhir-replies.ts'
export { metricsRoute, serveMetrics } from './metrics.ts'
export { type Parameters, parameters } from './parameters.ts'
export type { Practice, Practices } from './practice.ts'
export type { Refusal, Report } from './report.ts'
export { buildServer, type ServerOptions } from './server.ts'

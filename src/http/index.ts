/** The Fastify server: practices and their bases, formats, authentication, error replies, log, metrics. */
export type { Answer, Authenticate, Call, JsonFormat, Method, Route } from './call.ts'
export { standardPath } from './enter-practice.ts'
export { lineBuffer } from './line-buffer.ts'
export { Registry, serveMetrics } from './metrics.ts'
export type { Parameters } from './parameters.ts'
export type { Practice, Practices, WriteRules } from './practice.ts'
export type { Refusal, Report } from './report.ts'
export { buildServer, type ServerOptions } from './server.ts'

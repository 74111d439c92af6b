/** The Fastify server: practices and their bases, formats, authentication, error replies, log, metrics. */

export { wantsContent } from './answers/formats.ts'
export { isUnchanged } from './answers/validators.ts'
export { jsonPatchType } from './bodies.ts'
export type { Answer, Call, Method, Route } from './call.ts'
export type { Asked, Endpoint, Reply } from './endpoint.ts'
export { lineBuffer } from './monitoring/line-buffer.ts'
export { type Metrics, Registry, serveMetrics, sharedMetrics, shareMetrics } from './monitoring/metrics.ts'
export { type Report, reportToLog } from './monitoring/report.ts'
export { type Parameters, parameters, refuseToken } from './parameters.ts'
export type { Practice, Practices, WriteRules } from './practice.ts'
export { standardPath } from './requests/enter-practice.ts'
export { buildServer } from './server.ts'

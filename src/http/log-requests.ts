import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Registry } from 'prom-client'
import { requestMetrics } from './metrics.ts'

/**
 * One line for each request, without its query string, token or any value of a patient; and its place in the metrics.
 * Written in the form of Fastify's logger but not by it, which costs twice the line on a read.
 */
export function logRequests(
  server: FastifyInstance,
  registry: Registry,
  log: { write(line: string): void } | undefined,
) {
  const observe = requestMetrics(registry)
  server.addHook('onResponse', (request, reply, done) => {
    const { trace } = request
    const milliseconds = Math.round(reply.elapsedTime * 100) / 100
    observe(trace.interaction, reply.statusCode, milliseconds)
    if (log) log.write(lineOf(request, reply.statusCode, milliseconds))
    done()
  })
}

/** Names of our own lists need no escaping; what others chose (client, user) is escaped. */
function lineOf({ trace, id, method, routeOptions }: FastifyRequest, status: number, milliseconds: number): string {
  const { practice, principal, interaction, kind } = trace
  const known = practice ? `"practice":"${practice.id}",` : ''
  const who = principal ? `"client":${JSON.stringify(principal.client)},` : ''
  const user = principal?.user === undefined ? '' : `"user":${JSON.stringify(principal.user)},`
  const route = routeOptions.url === undefined ? '' : `"route":"${routeOptions.url}",`
  const problem = kind ? `"kind":"${kind}",` : ''
  return `{"level":30,"time":${Date.now()},"event":"request","request":"${id}",${known}${who}${user}"method":"${method}","interaction":"${interaction}",${route}${problem}"status":${status},"milliseconds":${milliseconds}}\n`
}

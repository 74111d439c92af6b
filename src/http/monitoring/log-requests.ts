import type { FastifyRequest } from 'fastify'
import type { Registry } from 'prom-client'
import { requestMetrics } from './metrics.ts'

/** A request has been answered with this status. */
export type Answered = (request: FastifyRequest, status: number) => void

/**
 * One line for each request, without its query string, token or any value of a patient; and its place in the metrics.
 * Told by whoever sends the answer rather than by Fastify's `onResponse`, which costs a fifth of a read.
 */
export function logRequests(registry: Registry, log: { write(line: string): void } | undefined): Answered {
  const observe = requestMetrics(registry)
  return (request, status) => {
    const { trace } = request
    const milliseconds = Math.round((performance.now() - trace.startedAt) * 100) / 100
    observe(trace.interaction, status, milliseconds)
    if (log) log.write(lineOf(request, status, milliseconds))
  }
}

/** Names of our own lists need no escaping; what others chose (client, user) is escaped. */
function lineOf({ trace, id, method, routeOptions }: FastifyRequest, status: number, milliseconds: number): string {
  const { practice, principal, interaction, kind } = trace
  const client = principal?.client ?? trace.client
  const known = practice ? `"practice":"${practice.id}",` : ''
  const who = client === undefined ? '' : `"client":${JSON.stringify(client)},`
  const user = principal?.user === undefined ? '' : `"user":${JSON.stringify(principal.user)},`
  const route = routeOptions.url === undefined ? '' : `"route":"${routeOptions.url}",`
  const problem = kind ? `"kind":"${kind}",` : ''
  return `{"level":30,"time":${Date.now()},"event":"request","request":"${id}",${known}${who}${user}"method":"${method}","interaction":"${interaction}",${route}${problem}"status":${status},"milliseconds":${milliseconds}}\n`
}

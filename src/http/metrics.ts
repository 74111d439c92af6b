import { createServer } from 'node:http'
import { Histogram, Registry } from 'prom-client'

/** Durations by interaction and status, for Prometheus. No label holds anything that a client chose. */
export function requestMetrics(registry: Registry) {
  const durations = new Histogram({
    name: 'charthouse_request_seconds',
    help: 'Duration of requests by interaction and status',
    labelNames: ['interaction', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30],
    registers: [registry],
  })
  // Asking the library for a labelled child costs more than the observation.
  const children = new Map<string, ReturnType<typeof durations.labels>>()
  return (interaction: string, status: number, milliseconds: number) => {
    const key = `${interaction} ${status}`
    let child = children.get(key)
    if (!child) {
      child = durations.labels(interaction, String(status))
      children.set(key, child)
    }
    child.observe(milliseconds / 1000)
  }
}

/** `/metrics` on an address of its own, which only the operator's network should reach. */
export async function serveMetrics(registry: Registry, at: { readonly host: string; readonly port: number }) {
  const server = createServer(async (request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': registry.contentType }).end(await registry.metrics())
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(at.port, at.host, resolve))
  return server
}

export { Registry }

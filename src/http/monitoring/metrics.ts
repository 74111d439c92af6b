import { createServer } from 'node:http'
import { AggregatorRegistry, type Metric, Registry } from 'prom-client'
import { valueAt } from '#lib'
import { Durations } from './durations.ts'

const name = 'charthouse_request_seconds'

/** Durations by interaction and status, for Prometheus. No label holds anything that a client chose. */
export function requestMetrics(registry: Registry) {
  const byInteraction = new Map<string, Map<number, Durations>>()
  const samples = () =>
    [...byInteraction].flatMap(([interaction, statuses]) =>
      [...statuses].flatMap(([status, durations]) => durations.samples(name, { interaction, status: String(status) })),
    )
  const help = 'Duration of requests by interaction and status'
  const metric = { name, get: async () => ({ name, help, type: 'histogram', aggregator: 'sum', values: samples() }) }
  // What the registry asks of a metric; the type names the library's own classes.
  registry.registerMetric(metric as unknown as Metric<string>)
  return (interaction: string, status: number, milliseconds: number) => {
    const statuses = valueAt(byInteraction, interaction, () => new Map<number, Durations>())
    valueAt(statuses, status, () => new Durations()).add(milliseconds / 1000)
  }
}

export interface Metrics {
  readonly contentType: string
  metrics(): Promise<string>
}

/** Tells the process that watches this one what is in `registry`, when it asks. */
export function shareMetrics(registry: Registry): void {
  AggregatorRegistry.setRegistries(registry)
  new AggregatorRegistry() // listens
}

/** What the processes that this one watches share, added up. */
export function sharedMetrics(): Metrics {
  const shared = new AggregatorRegistry()
  return { contentType: shared.contentType, metrics: () => shared.clusterMetrics() }
}

/** `/metrics` on an address of its own, which only the operator's network should reach. */
export async function serveMetrics(source: Metrics, at: { readonly host: string; readonly port: number }) {
  const server = createServer(async (request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end()
    try {
      const text = await source.metrics()
      response.writeHead(200, { 'content-type': source.contentType }).end(text)
    } catch (error) {
      // a process that has just been started, or is very busy, did not tell its own in time
      response.writeHead(503, { 'content-type': 'text/plain' }).end(`No metrics now: ${(error as Error).message}\n`)
    }
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(at.port, at.host, resolve))
  return server
}

export { Registry }

import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { Registry, requestMetrics, serveMetrics } from './metrics.ts'

test('requestMetrics() tells durations as a histogram that Prometheus reads', async () => {
  const registry = new Registry()
  const observe = requestMetrics(registry)
  for (const milliseconds of [0.5, 1, 1.5, 60_000]) observe('read', 200, milliseconds)
  observe('search-type', 403, 7)
  const lines = (await registry.metrics()).split('\n')
  assert.ok(lines.includes('# TYPE charthouse_request_seconds histogram'))
  const of = (part: string, rest = 'interaction="read",status="200"') => {
    const start = `charthouse_request_seconds_${part}{${rest}`
    return lines.filter((line) => line.startsWith(start)).map((line) => Number(line.split(' ').at(-1)))
  }
  const buckets = of('bucket')
  assert.deepEqual(buckets, [2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4])
  assert.deepEqual(of('count'), [4])
  assert.deepEqual(of('sum'), [60.003])
  assert.deepEqual(of('count', 'interaction="search-type",status="403"'), [1])
})

test('serveMetrics() answers 503 while they cannot be told, and lives on', async () => {
  let isLate = true
  const metrics = async () => {
    if (isLate) throw new Error('Operation timed out.')
    return 'requests 1'
  }
  const server = await serveMetrics({ contentType: 'text/plain', metrics }, { host: '127.0.0.1', port: 0 })
  const { port } = server.address() as AddressInfo
  const read = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`)
    return [answer.status, await answer.text()]
  }
  assert.deepEqual(await read(), [503, 'No metrics now: Operation timed out.\n'])
  isLate = false
  assert.deepEqual(await read(), [200, 'requests 1'])
  server.closeAllConnections()
  server.close()
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Registry, requestMetrics } from './metrics.ts'

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

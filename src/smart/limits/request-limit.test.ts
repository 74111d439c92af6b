import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requestLimit } from './request-limit.ts'

test('requestLimit() counts by name within a minute, and says when the next one begins', () => {
  const clock = { now: 60_000_000 }
  const limit = requestLimit(() => clock.now)
  limit.count('a', 2)
  limit.count('a', 2)
  clock.now += 45_000
  assert.throws(() => limit.count('a', 2), { error: 'slow_down', retrySeconds: 15, message: /limit of 2 .* in 15 s/ })
  assert.throws(() => limit.check('a', 2), { error: 'slow_down' })
  limit.count('b', 2)
  clock.now += 15_000
  limit.count('a', 2)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rateLimit } from './rate-limit.ts'

test('rateLimit() counts a client at a practice, minute by minute', () => {
  let now = 1000
  const allowance = rateLimit(2, () => now)
  const app = { practice: 1, client: 'app', patients: [], scopes: '', requestId: '' }
  assert.deepEqual(allowance(app), { isSpent: false, field: '"client";r=1;t=60', resetSeconds: 60 })
  now += 30_500
  assert.deepEqual(allowance(app), { isSpent: false, field: '"client";r=0;t=30', resetSeconds: 30 })
  assert.equal(allowance(app).isSpent, true)
  assert.equal(allowance({ ...app, practice: 2 }).isSpent, false)
  assert.equal(allowance({ ...app, client: 'other' }).isSpent, false)
  now += 29_499
  assert.equal(allowance(app).isSpent, true)
  now += 1
  assert.equal(allowance(app).isSpent, false)
})

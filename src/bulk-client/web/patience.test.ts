import assert from 'node:assert/strict'
import { test } from 'node:test'
import { backOffSeconds, retryAfterSeconds } from './patience.ts'

const date = 'Thu, 01 Jan 2026 00:00:00 GMT'

for (const [text, seconds] of [
  ['5', 5],
  ['0.5', 0.5],
  ['0', 0.2],
  ['18000', 60],
  ['1767225600', 60], // seconds since 1970, as some write
  ['-1', undefined],
  ['soon', undefined],
  ['', undefined],
  ['Thu, 01 Jan 2026 00:00:30 GMT', 30],
  ['Thu, 01 Jan 2026 05:00:00 GMT', 60],
  ['Wed, 31 Dec 2025 00:00:00 GMT', 0.2],
] as const) {
  test(`retryAfterSeconds() reads "${text}"`, () => {
    assert.equal(retryAfterSeconds({ 'retry-after': text, date }), seconds)
  })
}

test('retryAfterSeconds() reads a date by our clock where the server does not tell its own', () => {
  assert.equal(retryAfterSeconds({ 'retry-after': date }, Date.parse(date) - 7000), 7)
  assert.equal(retryAfterSeconds({}), undefined)
})

test('backOffSeconds() doubles up to a minute', () => {
  assert.deepEqual([1, 2, 3, 6, 7, 2000].map(backOffSeconds), [1, 2, 4, 32, 60, 60])
})

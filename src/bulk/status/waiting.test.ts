import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dialects } from '#dialects'
import type { Export } from '../export.ts'
import { countEarly, retryAfter, secondsToWait } from './waiting.ts'

const now = 1_000_000

function exported(more: Partial<Export>): Export {
  return { asOf: now, created: now, progress: 0, poll: { early: 0 }, ...more } as Export
}

for (const [title, more, seconds] of [
  ['just begun', {}, 1],
  ['half done after 10 s', { began: now - 10_000, progress: 0.5 }, 1],
  ['half done after 100 s', { began: now - 100_000, progress: 0.5 }, 10],
  ['hardly begun after an hour', { began: now - 3_600_000, progress: 0.01 }, 30],
  ['waiting for its turn for 200 s', { created: now - 200_000 }, 20],
] as const) {
  test(`P26: an export that is ${title} is asked for again after ${seconds} s`, () => {
    assert.equal(secondsToWait(exported(more)), seconds)
  })
}

test('retryAfter() is in the unit of the dialect', () => {
  assert.equal(retryAfter({ dialect: dialects.standard }, 30), 30)
  assert.equal(retryAfter({ dialect: dialects.veradigm }, 30), 1)
})

test('S2: a client that polls every second for a minute is never refused, one that goes on so is', () => {
  let early = 0
  const poll = () => countEarly(exported({ poll: { last: now - 1000, toldSeconds: 30, early } }), 30)
  for (let n = 0; n < 60; n++) early = poll()
  assert.equal(early, 60)
  assert.throws(poll, { kind: 'busy', retryAfterSeconds: 30 })
})

for (const [title, poll] of [
  ['the first', { early: 60 }],
  ['after half of the time', { last: now - 5000, toldSeconds: 10, early: 60 }],
  ['every second when told a second or two', { last: now - 1000, toldSeconds: 2, early: 60 }],
] as const) {
  test(`S2: a poll ${title} is not early`, () => {
    assert.equal(countEarly(exported({ poll }), 1), 60)
  })
}

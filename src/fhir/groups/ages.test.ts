import assert from 'node:assert/strict'
import { test } from 'node:test'
import { agedSince, anyAge, narrowed } from './ages.ts'

const zone = 'America/New_York'
const midnight = (day: string) => Date.parse(`${day}T05:00:00Z`) // winter days only
const five = { low: 5, high: Number.POSITIVE_INFINITY }

for (const [born, at, since] of [
  ['2019-02-10', midnight('2024-02-10'), '2024-02-10'],
  ['2019-02-10', midnight('2024-02-10') - 1, undefined],
  ['2019-02-10', midnight('2031-01-01'), '2024-02-10'],
  ['2020-02-29', midnight('2025-03-01') - 1, undefined], // no 29 February in 2025
  ['2020-02-29', midnight('2025-03-01'), '2025-03-01'],
  ['2019-12-31', midnight('2024-12-31'), '2024-12-31'],
] as const) {
  test(`who is born on ${born} ${since ? `is five since ${since}` : 'is not yet five'} at ${new Date(at).toISOString()}`, () => {
    const found = agedSince([five], { birth: midnight(born), at, zone })
    assert.equal(found, since && midnight(since))
  })
}

test('an age below no bound is that of whoever is born', () => {
  const birth = midnight('2024-01-01')
  assert.equal(agedSince([{ low: 0, high: 5 }], { birth, at: birth, zone }), birth)
  assert.equal(agedSince(anyAge, { birth, at: birth - 1, zone }), birth)
})

test('narrowed() leaves what is inside, or outside', () => {
  const school = { low: 5, high: 18 }
  const outside = narrowed(anyAge, school, true)
  assert.deepEqual(narrowed(anyAge, school, false), [school])
  assert.deepEqual(outside, [
    { low: Number.NEGATIVE_INFINITY, high: 5 },
    { low: 18, high: Number.POSITIVE_INFINITY },
  ])
  assert.deepEqual(narrowed(outside, { low: 3, high: 20 }, false), [
    { low: 3, high: 5 },
    { low: 18, high: 20 },
  ])
  assert.deepEqual(narrowed([school], { low: 20, high: 30 }, false), [])
})

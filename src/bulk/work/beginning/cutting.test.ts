import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Choice, greatest, least } from '#store'
import { type Chosen, cut, cutPatients } from './cutting.ts'

const chosen = (type: string, rows: number, of: Choice = 'all'): Chosen => ({
  ...{ type, rows, of, extent: { first: '101', last: '900000' } },
})

test('cut() cuts a large type into ranges that follow each other without a gap', () => {
  for (const [of, lo, hi] of [
    ['all', '100', '900000'],
    ['members', least, greatest],
  ] as const) {
    const selections = cut([chosen('Observation', 700_000, of)], false).flatMap(({ work }) => work.selections)
    assert.equal(selections.length, 3)
    assert.equal(selections[0]?.lo, lo)
    assert.equal(selections.at(-1)?.hi, hi)
    for (const [i, { lo: from }] of selections.slice(1).entries()) assert.equal(from, selections[i]?.hi)
  }
})

test('cut() puts small types together, and leaves a type whole whose rows come in the order of their change', () => {
  const parts = cut(
    [chosen('Patient', 10), { ...chosen('Observation', 700_000), isWhole: true }, chosen('Group', 0)],
    true,
  )
  assert.deepEqual(
    parts.map(({ work, total }) => [work.writes, work.selections.length, total]),
    [
      ['Observation', 1, 700_000],
      ['Patient, Group', 2, 10],
    ],
  )
})

test('cut() lets small types that are found by patient, or one by one, be read together', () => {
  const [part] = cut(
    [chosen('Patient', 10, 'members'), chosen('Goal', 5, 'members'), chosen('Binary', 2, 'rows')],
    true,
  )
  assert.deepEqual(
    part?.work.selections.map(({ of, types }) => [of, types]),
    [
      ['members', ['Patient', 'Goal']],
      ['rows', ['Binary']],
    ],
  )
})

test('cutPatients() covers the keys of all patients', () => {
  const selections = cutPatients([chosen('Patient', 50_000, 'rows')]).flatMap(({ work }) => work.selections)
  assert.deepEqual(
    [selections[0]?.lo, selections[0]?.hi === selections[1]?.lo, selections.at(-1)?.hi],
    [least, true, greatest],
  )
  assert.equal(cutPatients([]).length, 1)
})

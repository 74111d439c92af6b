import assert from 'node:assert/strict'
import { test } from 'node:test'
import { preferencesOf } from './preferences.ts'

// biome-ignore format: a table
for (const [prefer, applied] of [
  ['respond-async',                                     ['respond-async']],
  ['handling = "lenient" ; Respond-Async',              ['respond-async', 'handling=lenient']],
  ['respond-async, separate-export-status',             ['respond-async', 'separate-export-status']],
  ['handling=strict, respond-async=x',                  []],
] as const) {
  test(`preferencesOf() finds ${applied.join(' and ') || 'nothing of ours'} in "${prefer}"`, () => {
    assert.deepEqual(preferencesOf({ headers: { prefer } }, { headers: 'lenient' }).applied, applied)
  })
}

test('preferencesOf() reads blanks of any number in one go', () => {
  const prefer = `a${' '.repeat(200_000)}b` // by a pattern that tries each blank: minutes
  assert.deepEqual(preferencesOf({ headers: { prefer } }, { headers: 'lenient' }).applied, [])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareBirthDates } from './compare-birth-dates.ts'

for (const [asked, known, as] of [
  ['1980-03-12', '1980-03-12', 'same'],
  ['1980-12-03', '1980-03-12', 'swapped'],
  ['1980-03-13', '1980-03-12', 'slip'],
  ['1908-03-12', '1980-03-12', 'slip'],
  ['1980-03-27', '1980-03-12', 'near'],
  ['1980', '1980-03-12', 'part'],
  ['1980-03', '1980-03', 'part'],
  ['1981', '1980-03-12', 'differs'],
  ['1975-07-30', '1980-03-12', 'differs'],
  [undefined, '1980-03-12', 'unknown'],
] as const) {
  test(`compareBirthDates() says ${as} of ${asked} and ${known}`, () =>
    assert.equal(compareBirthDates(asked, known), as))
}

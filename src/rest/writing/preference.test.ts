import assert from 'node:assert/strict'
import { test } from 'node:test'
import { preferenceOf } from './preference.ts'

for (const [prefer, preference] of [
  [undefined, 'representation'],
  ['return=minimal', 'minimal'],
  ['Return = "minimal"', 'minimal'],
  ['respond-async, return=OperationOutcome; x=1', 'OperationOutcome'],
  ['return=operationoutcome', 'OperationOutcome'],
  ['return=nothing', 'representation'],
  ['return=minimalistic', 'representation'],
  ['handling=lenient', 'representation'],
] as const) {
  test(`preferenceOf() reads ${prefer}`, () => {
    assert.equal(preferenceOf(prefer === undefined ? {} : { prefer }), preference)
  })
}

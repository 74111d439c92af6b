import assert from 'node:assert/strict'
import { test } from 'node:test'
import { npi } from './npi.ts'

test('npi() ends in the digit that the published example has', () => {
  // CMS, "Requirements for National Provider Identifier (NPI) and NPI Check Digit": 123456789 takes 3.
  assert.equal(npi(1, 23456789), '1234567893')
})

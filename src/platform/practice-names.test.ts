import assert from 'node:assert/strict'
import { test } from 'node:test'
import { practiceId } from './practice-names.ts'

for (const id of ['sandbox', 'a', '1a', 'lake-side-2', 'x'.repeat(63)]) {
  test(`practiceId() takes ${id}`, () => assert.equal(practiceId(id), id))
}

for (const [id, reason] of [
  ['', /a to z/],
  ['Sandbox', /a to z/],
  ['-a', /a to z/],
  ['a-', /a to z/],
  ['../etc', /a to z/],
  ['.well-known', /a to z/],
  ['x'.repeat(64), /1 to 63/],
  ['healthz', /an address of the platform/],
] as const) {
  test(`practiceId() refuses "${id}"`, () =>
    assert.throws(() => practiceId(id), { kind: 'incorrect', message: reason }))
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { byteRange } from './byte-range.ts'

for (const [header, range] of [
  ['bytes=0-0', { start: 0, end: 1 }],
  ['bytes = 5-9', { start: 5, end: 10 }],
  ['bytes=5-', { start: 5, end: 100 }],
  ['bytes=-5', { start: 95, end: 100 }],
  ['bytes=-500', { start: 0, end: 100 }],
  ['bytes=99-500', { start: 99, end: 100 }],
  ['bytes=100-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=9-5', undefined],
  ['bytes=0-1,5-6', undefined],
  ['bytes=-', undefined],
  ['bytes=0x1-', undefined],
  [undefined, undefined],
] as const) {
  test(`byteRange() reads ${header} of 100 bytes`, () => assert.deepEqual(byteRange(header, 100), range))
}

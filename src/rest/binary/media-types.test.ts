import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isMediaType } from './media-types.ts'

for (const [text, expected] of [
  ['application/pdf', true],
  ['text/plain;charset=utf-8', true],
  ['text/plain; charset=utf-8', true],
  ['multipart/form-data;boundary="a b:c"', true],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', true],
  ['', false],
  ['pdf', false],
  ['text/', false],
  ['text/plain;', false],
  ['text/html\r\nset-cookie: a=b', false],
  ['text/html;a="b\r\nc"', false],
  ['text/é', false],
  [`text/${'x'.repeat(200)}`, false],
] as const) {
  test(`isMediaType() is ${expected} for ${JSON.stringify(text.slice(0, 80))}`, () => {
    assert.equal(isMediaType(text), expected)
  })
}

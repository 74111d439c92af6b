import assert from 'node:assert/strict'
import { test } from 'node:test'
import { safeUrl } from './safe-url.ts'

for (const [given, expected] of [
  ['https://app.example/policy', 'https://app.example/policy'],
  ['http://app.example/', undefined],
  ['javascript:alert(1)', undefined],
  ['\u0001javascript:alert(1)', undefined],
  ['java\nscript:alert(1)', undefined],
  ['data:text/html,<script>alert(1)</script>', undefined],
  ['//app.example/', undefined],
  ['https://user:secret@app.example/', undefined],
  ['https://app.example/"><script>', 'https://app.example/%22%3E%3Cscript%3E'],
  ['', undefined],
  [undefined, undefined],
] as const) {
  test(`safeUrl() of ${JSON.stringify(given)}`, () => assert.equal(safeUrl(given), expected))
}

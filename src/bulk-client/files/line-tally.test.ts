import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LineTally } from './line-tally.ts'

for (const [text, lines, lineStart] of [
  ['', 0, 0],
  ['{}\n', 1, 3],
  ['{}\n{}', 2, 3],
  ['{}\n\n{}\n\n', 2, 8],
  ['\n', 0, 1],
] as const) {
  test(`LineTally counts ${lines} in ${JSON.stringify(text)}, however it comes`, () => {
    for (const size of [1, 2, 3, 100]) {
      const tally = new LineTally()
      for (let at = 0; at < text.length; at += size) tally.add(Buffer.from(text.slice(at, at + size)))
      assert.deepEqual([tally.lines, tally.bytes, tally.lineStart], [lines, text.length, lineStart])
    }
  })
}

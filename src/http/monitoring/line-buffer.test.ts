import assert from 'node:assert/strict'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { lineBuffer, pieceLength } from './line-buffer.ts'

test('lineBuffer() writes lines in order, after a while or when flushed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'charthouse-log-'))
  const path = join(folder, 'log')
  const file = openSync(path, 'w')
  const lines = lineBuffer(file, 5)
  lines.write('one\n')
  lines.write('two\n')
  assert.equal(readFileSync(path, 'utf8'), '')
  await setTimeout(50)
  assert.equal(readFileSync(path, 'utf8'), 'one\ntwo\n')
  lines.write('three\n')
  lines.flush()
  assert.equal(readFileSync(path, 'utf8'), 'one\ntwo\nthree\n')
  closeSync(file)
  rmSync(folder, { recursive: true })
})

for (const [what, lines, lengths] of [
  ['few lines at once', [10, 20], [30]],
  ['whole lines up to 4096 bytes', [4000, 96, 1], [4096, 1]],
  ['a line that does not fit in the next piece', [4000, 97], [4000, 97]],
  ['a longer line by itself', [5000, 10], [5000, 10]],
] as const) {
  test(`pieceLength() gives ${what}`, () => {
    const bytes = Buffer.from(lines.map((length) => `${'x'.repeat(length - 1)}\n`).join(''))
    const pieces: number[] = []
    for (let from = 0; from < bytes.length; from += pieces.at(-1) ?? 1) pieces.push(pieceLength(bytes, from))
    assert.deepEqual(pieces, lengths)
  })
}

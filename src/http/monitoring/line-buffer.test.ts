import assert from 'node:assert/strict'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { lineBuffer } from './line-buffer.ts'

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

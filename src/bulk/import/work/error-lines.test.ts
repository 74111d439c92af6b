import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import type { FileStore } from '#files'
import { errorLines } from './error-lines.ts'

function storing() {
  const kept: Buffer[] = []
  const writer = {
    write: async (bytes: Buffer) => void kept.push(bytes),
    finish: async () => ({ size: 0 }),
    abort: async () => {},
  }
  const open = async (name: string) => ({ size: 0, stream: Readable.from([Buffer.from(`${name}\n`)]) })
  const files = { create: async () => writer, open } as Partial<FileStore> as FileStore
  return { files, linesKept: () => Buffer.concat(kept).toString().split('\n').slice(0, -1) }
}

test('errorLines() tells each, with its line', async () => {
  const { files, linesKept } = storing()
  const errors = errorLines(files, 'imports/1/x/errors-1.ndjson')
  await errors.add(7, 'It is no JSON')
  assert.deepEqual(await errors.finish(), { name: 'imports/1/x/errors-1.ndjson', lines: 1 })
  assert.deepEqual(
    linesKept().map((line) => JSON.parse(line).issue[0].details.text),
    ['Line 7: It is no JSON'],
  )
})

test('errorLines() tells no more than 10,000, and that there are more', async () => {
  const { files, linesKept } = storing()
  const errors = errorLines(files, 'imports/1/x/errors-1.ndjson')
  for (let line = 1; line <= 12_000; line++) await errors.add(line, 'It is no JSON')
  await errors.finish()
  const lines = linesKept()
  assert.equal(lines.length, 10_001)
  assert.match(lines.at(-1) ?? '', /More than 10,000 resources of this file were not loaded/)
})

test('errorLines() without errors makes no file', async () => {
  const errors = errorLines({} as FileStore, 'imports/1/x/errors-1.ndjson')
  assert.equal(await errors.finish(), undefined)
})

test('errorLines() goes on behind what an earlier file told, and is that file where nothing is added', async () => {
  const { files, linesKept } = storing()
  const before = { name: 'before', lines: 9_999 }
  assert.deepEqual(await errorLines(files, 'after', before).finish(), before)
  assert.deepEqual(linesKept(), [])
  const errors = errorLines(files, 'after', before)
  for (const line of [1, 2, 3]) await errors.add(line, 'It is no JSON')
  await errors.end('That is all')
  assert.deepEqual(await errors.finish(), { name: 'after', lines: 10_002 })
  const [earlier, ...told] = linesKept()
  assert.equal(earlier, 'before')
  assert.deepEqual(
    told.map((line) => JSON.parse(line).issue[0].details.text.slice(0, 16)),
    ['Line 1: It is no', 'More than 10,000', 'That is all'],
  )
})

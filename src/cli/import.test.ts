import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { WriteOperation } from '#store'
import { type ImportContext, runImport } from './import.ts'
import { clockText, importProgress, progressText } from './import-progress.ts'

const counts = { created: 1500, updated: 0, unchanged: 500, deleted: 0, failed: 2 }

test('runImport() answers 0 and tells what it loaded', async () => {
  using folder = folderOf('{"resourceType":"Patient","id":"a"}\n')
  const { status, out, err } = await run(folder.path, ['a.ndjson'])
  assert.deepEqual([status, err], [0, ''])
  assert.match(out, /^Loaded 1 resource into p in \d\.\d s \(\d+\/s\): 1 created\n {2}Patient: 1 created\n$/)
})

test('runImport() answers 1 and writes what it could not load into the errors file', async () => {
  using folder = folderOf('{"resourceType":"Patient","id":"a"}\n{"resourceType":"Patient"}\n')
  const { status, err } = await run(folder.path, ['a.ndjson'])
  assert.equal(status, 1)
  assert.match(err, /a\.errors\.ndjson$/m)
  const [fault] = readFileSync(join(folder.path, 'a.errors.ndjson'), 'utf8').split('\n')
  const file = join(folder.path, 'a.ndjson')
  assert.deepEqual(JSON.parse(fault ?? ''), { file, line: 2, reason: 'Cannot load the Patient: it has no id' })
})

for (const [name, sources, message] of [
  ['nothing is named', [], /^Nothing to import/],
  ['a file is not there', ['b.ndjson'], /b\.ndjson: there is no such file\n$/],
] as const) {
  test(`runImport() answers 2 when ${name}`, async () => {
    using folder = folderOf('')
    const { status, err } = await run(folder.path, sources)
    assert.equal(status, 2)
    assert.match(err, message)
  })
}

test('runImport() tells how to go on after Ctrl-C', async () => {
  using folder = folderOf('{"resourceType":"Patient","id":"a"}\n')
  const { status, err } = await run(folder.path, ['a.ndjson'], { signal: AbortSignal.abort() })
  assert.equal(status, 1)
  assert.match(err, /the same command goes on from there/)
})

test('progressText() tells resources, rate, share and time left', () => {
  const text = progressText({ counts, bytesRead: 250, bytesInAll: 1000 }, 10)
  assert.equal(text, '2,000 resources, 200/s, 2 failed, 25 %, 00:30 left')
  assert.equal(progressText({ counts, bytesRead: 250, bytesInAll: undefined }, 10), '2,000 resources, 200/s, 2 failed')
})

for (const [seconds, text] of [
  [0, '00:00'],
  [61.2, '01:02'],
  [3661, '01:01:01'],
] as const) {
  test(`clockText() writes ${seconds} s as ${text}`, () => assert.equal(clockText(seconds), text))
}

for (const [isTTY, first] of [
  [true, '\r[=====               ] 2,000 resources'],
  [false, '2,000 resources'],
] as const) {
  test(`importProgress() ${isTTY ? 'draws a bar on a terminal' : 'writes plain lines elsewhere'}`, () => {
    const written: string[] = []
    let now = 0
    const progress = importProgress({ isTTY, write: (text) => written.push(text) }, () => now)
    for (now = 0; now < 10_000; now += 100) progress.update({ counts, bytesRead: 250, bytesInAll: 1000 })
    assert.ok(written[0]?.startsWith(first))
    assert.equal(written[0]?.endsWith('\n'), !isTTY)
    assert.equal(written.length, isTTY ? 49 : 1)
  })
}

async function run(path: string, sources: readonly string[], more: Partial<ImportContext> = {}) {
  let out = ''
  let err = ''
  const status = await runImport(
    { sources: sources.map((source) => join(path, source)), practice: 'p', byType: true },
    {
      write: async (operations: readonly WriteOperation[]) =>
        operations.map(() => ({ outcome: 'created', version: 1, updated: 0 })),
      resolve: async () => [],
      stdout: { write: (text) => (out += text) },
      stderr: { write: (text) => (err += text) },
      signal: new AbortController().signal,
      folder: path,
      ...more,
    },
  )
  return { status, out, err }
}

function folderOf(content: string) {
  const path = mkdtempSync(join(tmpdir(), 'charthouse-import-'))
  writeFileSync(join(path, 'a.ndjson'), content)
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Fault } from './faults-file.ts'
import { type ImportingLines, importLines } from './import-lines.ts'
import { standInStore } from './stand-in-store.ts'

const line = (id: string) => `${JSON.stringify({ resourceType: 'Patient', id })}\n`

const bundle = `${JSON.stringify({
  ...{ resourceType: 'Bundle', type: 'batch' },
  entry: [{ request: { method: 'DELETE', url: 'Patient/a' } }],
})}\n`

async function* chunks(...texts: readonly (string | Buffer)[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text)
}

async function load(content: AsyncIterable<Buffer>, more: Partial<ImportingLines> = {}) {
  const store = standInStore()
  const faults: Fault[] = []
  const done = importLines({
    ...{ content, write: store.write, validate: () => [], unwrapped() {}, progress() {} },
    ...{ fault: (fault) => void faults.push(fault), signal: new AbortController().signal },
    ...more,
  })
  return { store, faults, done }
}

test('importLines() loads each line, and tells those that it cannot', async () => {
  const { store, faults, done } = await load(chunks(line('a'), 'nonsense\n{"a":1}\n', bundle, line('b')))
  const { counts } = await done
  assert.deepEqual([...store.texts.keys()], ['Patient/a', 'Patient/b'])
  assert.deepEqual([counts.created, counts.failed], [2, 3])
  assert.deepEqual(
    faults.map(({ place }) => place.line),
    [2, 3, 4],
  )
})

test('importLines() unpacks, and counts what it unpacked', async () => {
  let bytes = 0
  const text = line('a').repeat(3)
  const { store, done } = await load(chunks(gzipSync(text)), {
    unwrapped(more) {
      bytes += more
    },
  })
  await done
  assert.deepEqual([store.texts.size, bytes], [1, text.length])
})

test('importLines() ends with what its listener to bytes throws', async () => {
  const unwrapped = () => {
    throw new Error('too much')
  }
  const { store, done } = await load(chunks(gzipSync(line('a'))), { unwrapped })
  await assert.rejects(done, { message: 'too much' })
  assert.equal(store.texts.size, 0)
})

test('importLines() rejects when the stream breaks off, packed or not', async () => {
  for (const first of [line('a'), gzipSync(line('a')).subarray(0, 20)]) {
    async function* broken() {
      yield Buffer.from(first)
      throw new Error('gone')
    }
    await assert.rejects((await load(broken())).done, { message: 'gone' })
  }
})

test('importLines() refuses what is packed wrongly', async () => {
  const { done } = await load(chunks(gzipSync(line('a')).subarray(0, 20)))
  await assert.rejects(done, { kind: 'incorrect', message: 'it is compressed and cannot be unpacked' })
})

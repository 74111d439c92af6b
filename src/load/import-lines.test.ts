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

test('importLines() goes on behind the line where it was paused, and counts nothing twice', async () => {
  const pausing = new AbortController()
  const all = [line('a'), 'nonsense\n', '\n', line('b'), line('c')]
  const first = await load(chunks(...all), {
    pause: pausing.signal,
    unwrapped: (bytes) => void (bytes === 1 && pausing.abort()), // with the blank line
  })
  const before = await first.done
  assert.deepEqual([before.how, before.place.line, before.counts.created, before.counts.failed], ['paused', 3, 1, 1])
  let arrived = 0
  for (const content of [chunks(all.join('')), chunks(gzipSync(all.join('')))]) {
    const second = await load(content, { from: before.place, arrived: () => void arrived++ })
    const after = await second.done
    assert.deepEqual([after.how, after.counts.created, after.counts.failed], ['done', 2, 0])
    assert.deepEqual([...second.store.texts.keys()], ['Patient/b', 'Patient/c'])
  }
  assert.equal(arrived, 2)
})

test('importLines() that is paused waits for no stream that says nothing', async () => {
  const pausing = new AbortController()
  async function* silent() {
    yield Buffer.from(`${line('a')}{"resourceType":`)
    await new Promise((_, reject) => pausing.signal.addEventListener('abort', () => reject(new Error('let go'))))
  }
  const { store, done } = await load(silent(), { pause: pausing.signal, arrived: () => pausing.abort() })
  const { how, place } = await done
  assert.deepEqual([how, place.line, [...store.texts.keys()]], ['paused', 1, ['Patient/a']])
})

for (const [how, text] of [
  ['differs', `${line('x')}${line('b')}${line('c')}`],
  ['has become shorter', line('a')],
] as const) {
  test(`importLines() does not go on in a stream that ${how}`, async () => {
    const pausing = new AbortController()
    let seen = 0
    const unwrapped = () => void (++seen === 2 && pausing.abort())
    const paused = await load(chunks(line('a'), line('b'), line('c')), { pause: pausing.signal, unwrapped })
    const { place } = await paused.done
    assert.equal(place.line, 2)
    const { store, done } = await load(chunks(text), { from: place })
    assert.equal((await done).how, 'changed')
    assert.equal(store.texts.size, 0)
  })
}

test('importLines() gives up after a thousand faults since something was stored, and keeps that', async () => {
  const bad = Array.from({ length: 999 }, () => 'nonsense\n').join('')
  const hopeful = await load(chunks(bad, line('a'), bad, line('b')))
  assert.deepEqual([(await hopeful.done).how, hopeful.faults.length], ['done', 1998])
  const hopeless = await load(chunks(line('a'), bad, bad, bad, line('b')))
  const { how, counts } = await hopeless.done
  assert.deepEqual([how, hopeless.faults.length, counts.failed], ['hopeless', 2000, 2000])
  assert.deepEqual([...hopeless.store.texts.keys()], ['Patient/a'])
})

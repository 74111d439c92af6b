import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { filesOnDisk, kindsOfFiles } from '../../test/support/file-stores.ts'
import { type ByteRange, type FileStore, openFileStore } from './index.ts'

async function put(store: FileStore, name: string, ...pieces: (Buffer | string)[]) {
  const writer = await store.create(name)
  for (const piece of pieces) await writer.write(Buffer.from(piece))
  return writer.finish()
}

async function read(store: FileStore, name: string, range?: ByteRange) {
  const file = await store.open(name, range)
  return file && { size: file.size, bytes: await buffer(file.stream) }
}

async function text(store: FileStore, name: string, range?: ByteRange) {
  const found = await read(store, name, range)
  return found && { size: found.size, text: found.bytes.toString() }
}

for (const { kind, files } of kindsOfFiles) {
  async function opened() {
    const place = await files()
    const store = await openFileStore(place.settings, 'clinic')
    return {
      store,
      async [Symbol.asyncDispose]() {
        await store.close()
        await place[Symbol.asyncDispose]()
      },
    }
  }

  test(`${kind}: a file is read as it was written, once it is finished`, async () => {
    await using place = await opened()
    const { store } = place
    const writer = await store.create('job/1/Patient.ndjson')
    await writer.write(Buffer.from('{"resourceType"'))
    await writer.write(Buffer.from(':"Patient"}\n'))
    assert.equal(await store.open('job/1/Patient.ndjson'), undefined)
    assert.deepEqual(await writer.finish(), { size: 27 })
    assert.deepEqual(await text(store, 'job/1/Patient.ndjson'), { size: 27, text: '{"resourceType":"Patient"}\n' })
  })

  test(`${kind}: a file may be empty`, async () => {
    await using place = await opened()
    assert.deepEqual(await put(place.store, 'job/empty'), { size: 0 })
    assert.deepEqual(await text(place.store, 'job/empty'), { size: 0, text: '' })
  })

  for (const [start, end, part] of [
    [0, 4, '0123'],
    [4, 6, '45'],
    [8, 10, '89'],
    [8, 100, '89'],
    [10, 20, ''],
    [3, 3, ''],
  ] as const) {
    test(`${kind}: open() gives the bytes from ${start} to before ${end}, and the size of the whole`, async () => {
      await using place = await opened()
      await put(place.store, 'job/digits', '0123456789')
      assert.deepEqual(await text(place.store, 'job/digits', { start, end }), { size: 10, text: part })
    })
  }

  test(`${kind}: a large file keeps its bytes, though the caller uses its buffer again`, async () => {
    await using place = await opened()
    const all = randomBytes(21_000_000)
    const piece = Buffer.alloc(1_500_000)
    const writer = await place.store.create('job/large')
    for (let at = 0; at < all.length; at += piece.length) {
      all.copy(piece, 0, at, at + piece.length)
      await writer.write(piece)
      piece.fill(0)
    }
    assert.deepEqual(await writer.finish(), { size: all.length })
    const found = await read(place.store, 'job/large')
    assert.equal(found?.size, all.length)
    assert.ok(found.bytes.equals(all))
    const middle = { start: 8_388_600, end: 8_388_700 }
    assert.ok((await read(place.store, 'job/large', middle))?.bytes.equals(all.subarray(middle.start, middle.end)))
  })

  test(`${kind}: one write may be larger than what is sent at once`, async () => {
    await using place = await opened()
    const all = randomBytes(18_000_000)
    await put(place.store, 'job/one', all)
    assert.ok((await read(place.store, 'job/one'))?.bytes.equals(all))
  })

  test(`${kind}: the writer that finishes last has the name`, async () => {
    await using place = await opened()
    const { store } = place
    const first = await store.create('job/file')
    const second = await store.create('job/file')
    await first.write(Buffer.from('first'))
    await second.write(Buffer.from('the second'))
    await second.finish()
    assert.equal((await text(store, 'job/file'))?.text, 'the second')
    await first.finish()
    assert.deepEqual(await text(store, 'job/file'), { size: 5, text: 'first' })
  })

  test(`${kind}: nothing is left of a file that is aborted, and what had the name before stays`, async () => {
    await using place = await opened()
    const { store } = place
    await put(store, 'job/file', 'before')
    const small = await store.create('job/file')
    await small.write(Buffer.from('half a'))
    await small.abort()
    const large = await store.create('job/file')
    await large.write(Buffer.alloc(9_000_000))
    await large.abort()
    await large.abort()
    assert.equal((await text(store, 'job/file'))?.text, 'before')
  })

  test(`${kind}: open() answers undefined where there is no file`, async () => {
    await using place = await opened()
    const { store } = place
    await put(store, 'job/1/file', 'text')
    for (const name of ['job/none', 'none/file', 'job/1', 'job/1/file/more']) {
      assert.equal(await store.open(name), undefined, name)
      assert.equal(await store.open(name, { start: 0, end: 0 }), undefined, name)
    }
  })

  test(`${kind}: removeFolder() removes all that lies below, however much, and nothing else`, async () => {
    await using place = await opened()
    const { store } = place
    const names = ['a', 'b', 'c', 'd', 'deep/e', 'deep/f', 'deep/g/h']
    for (const name of names) await put(store, `job/1/${name}`, name)
    await put(store, 'job/10/a', 'the neighbour')
    await store.removeFolder('job/1')
    for (const name of names) assert.equal(await store.open(`job/1/${name}`), undefined, name)
    assert.equal((await text(store, 'job/10/a'))?.text, 'the neighbour')
    await store.removeFolder('job/1')
    await store.removeFolder('never')
  })

  test(`${kind}: what was being written when its folder was removed does not come back`, async () => {
    await using place = await opened()
    const { store } = place
    const writers = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => store.create(`job/1/${name}`)))
    for (const writer of writers) await writer.write(Buffer.alloc(9_000_000))
    await store.removeFolder('job')
    for (const writer of writers) {
      await assert.rejects(writer.finish(), { kind: 'unavailable', message: /removed meanwhile/ })
      await writer.abort()
    }
    for (const name of ['a', 'e']) assert.equal(await store.open(`job/1/${name}`), undefined)
  })

  test(`${kind}: a stream may be destroyed before its end`, async () => {
    await using place = await opened()
    const { store } = place
    await put(store, 'job/large', Buffer.alloc(20_000_000))
    const { stream } = (await store.open('job/large')) ?? assert.fail()
    await once(stream, 'readable')
    stream.destroy()
    await once(stream, 'close')
    assert.equal((await text(store, 'job/large', { start: 0, end: 1 }))?.size, 20_000_000)
  })

  for (const name of [
    '../file',
    'job/../../file',
    'job/..',
    'job/.',
    '/etc/passwd',
    'job//file',
    'job/',
    'job/a b',
    'job/a~1',
    'job\\..\\file',
    'job/%2e%2e/file',
    'job/file\0',
    'job/é',
    'file',
    '',
    'installation/file',
    `job/${'a'.repeat(129)}`,
  ]) {
    test(`${kind}: "${name.slice(0, 20)}" is no name of a file (S-18)`, async () => {
      await using place = await opened()
      const { store } = place
      await assert.rejects(store.create(name), TypeError)
      await assert.rejects(store.open(name), TypeError)
      if (name !== 'file') await assert.rejects(store.removeFolder(name), TypeError)
    })
  }
}

test('disk: a file that is removed while it is read is read to its end', async () => {
  await using place = await filesOnDisk()
  const store = await openFileStore(place.settings, 'clinic')
  const all = randomBytes(3_000_000)
  await put(store, 'job/file', all)
  const file = await store.open('job/file')
  await store.removeFolder('job')
  assert.ok((await buffer(file?.stream ?? assert.fail())).equals(all))
  assert.equal(await store.open('job/file'), undefined)
})

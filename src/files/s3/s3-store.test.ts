import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { bucketSettings, filesInBucket } from '../../../test/support/file-stores.ts'
import { openFileStore } from '../index.ts'

const eightMegabytes = Buffer.alloc(8 << 20, 'x')

async function opened() {
  const place = await filesInBucket()
  const store = await openFileStore(place.settings, 'clinic')
  return {
    store,
    server: place.server,
    async [Symbol.asyncDispose]() {
      await store.close()
      await place[Symbol.asyncDispose]()
    },
  }
}

test('each call tells that the storage is away and works when it is back', async () => {
  await using place = await opened()
  const { store, server } = place
  const begun = await store.create('job/begun')
  await begun.write(eightMegabytes)
  await begun.write(Buffer.from('and more'))
  await server.goAway()
  const calls: [string, () => Promise<unknown>][] = [
    ['open()', () => store.open('job/begun')],
    ['removeFolder()', () => store.removeFolder('job')],
    ['finish()', () => begun.finish()],
    ['write()', async () => (await store.create('job/other')).write(eightMegabytes)],
  ]
  for (const [name, call] of calls) {
    const sentence = `bucket "exports" at ${server.endpoint}, charthouse/ cannot be reached`
    await assert.rejects(call, (error: Error) => error.message.includes(sentence), name)
    await assert.rejects(call, { kind: 'unavailable' }, name)
  }
  await begun.abort() // does not wait for the storage to come back
  await server.come()
  const again = await store.create('job/begun')
  await again.write(Buffer.from('text'))
  await again.finish()
  assert.equal(await text((await store.open('job/begun'))?.stream ?? assert.fail()), 'text')
  await store.removeFolder('job')
  assert.equal(server.uploads.size, 0)
})

test('openFileStore() tells that the storage is away', async () => {
  await using place = await filesInBucket()
  await place.server.goAway()
  await assert.rejects(openFileStore(place.settings, 'clinic'), {
    kind: 'unavailable',
    message: /cannot be reached: see that S3_ENDPOINT is right and that the storage runs \(ECONNREFUSED\)/,
  })
  await place.server.come()
})

for (const [what, change, message] of [
  ['a wrong secret', { s3SecretKey: 'wrong' }, /see that S3_ACCESS_KEY and S3_SECRET_KEY are right/],
  ['an unknown key', { s3AccessKey: 'stranger' }, /see that S3_ACCESS_KEY and S3_SECRET_KEY are right/],
  ['a bucket that is not there', { s3Bucket: 'none' }, /bucket "none" .* is not there: make it, or correct S3_BUCKET/],
  ['a name that is not known', { s3Endpoint: 'http://storage.invalid' }, /storage\.invalid.* cannot be reached/],
] as const) {
  test(`openFileStore() says so of ${what}, without the keys`, async () => {
    await using place = await filesInBucket()
    const settings = { ...bucketSettings(place.server), ...change }
    const refusal: Error = await openFileStore(settings, 'clinic').then(
      () => assert.fail('it was opened'),
      (error) => error,
    )
    assert.match(refusal.message, message)
    assert.ok(!refusal.message.includes(settings.s3SecretKey ?? '-'))
  })
}

test('a file that fits into one part is one request', async () => {
  await using place = await opened()
  const before = place.server.requests.length
  const writer = await place.store.create('job/small')
  await writer.write(Buffer.from('text'))
  await writer.finish()
  assert.deepEqual(
    place.server.requests.slice(before).map((request) => request.split('?')[0]),
    ['PUT /exports/charthouse/job/small'],
  )
})

test('abort() leaves no upload behind', async () => {
  await using place = await opened()
  const writer = await place.store.create('job/large')
  await writer.write(eightMegabytes)
  await writer.write(eightMegabytes)
  assert.equal(place.server.uploads.size, 1)
  await writer.abort()
  assert.equal(place.server.uploads.size, 0)
})

test('a killed process leaves nothing that can be read, and its upload goes with the folder', async () => {
  await using place = await opened()
  const { store, server } = place
  const child = spawn(
    process.execPath,
    [
      new URL('../../../test/support/endless-writer.ts', import.meta.url).pathname,
      JSON.stringify(bucketSettings(server)),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'close')
  assert.equal(server.uploads.size, 1)
  assert.equal(await store.open('job/endless'), undefined)
  await store.removeFolder('job')
  assert.equal(server.uploads.size, 0)
})

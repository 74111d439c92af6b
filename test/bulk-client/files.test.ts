import assert from 'node:assert/strict'
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { downloadFrom, folder, run } from './download.ts'
import {
  fakeServer,
  json,
  type Manner,
  manifestOf,
  ndjson,
  ndjsonType,
  outcome,
  reply,
  sendFile,
} from './fake-server.ts'

const text = ndjson('Observation', 2000)

/** Sends the beginning and hangs up, most often when that has been read. */
function breakOff(response: ServerResponse, part: string | Buffer, headers: Record<string, string> = {}): true {
  response.writeHead(200, { ...ndjsonType, ...headers })
  response.write(part, () => setTimeout(() => response.destroy(), 10))
  return true
}

for (const [name, manner] of [
  [
    'a connection that breaks off, by Range',
    (response, { headers }, time) => {
      if (time > 2) return false
      const from = Number(/\d+/.exec(headers.range ?? '0'))
      if (from === 0) return breakOff(response, text.slice(0, 30_000), { 'content-length': String(text.length) })
      response.writeHead(206, { 'content-range': `bytes ${from}-${text.length - 1}/${text.length}` })
      response.write(text.slice(from, from + 20_000), () => setTimeout(() => response.destroy(), 10))
      return true
    },
  ],
  ['one without Content-Length', (response, _, time) => time === 1 && breakOff(response, text.slice(0, 30_000))],
  [
    'one in gzip, where the rest is asked for without',
    (response, _, time) =>
      time === 1 &&
      breakOff(response, gzipSync(text, { level: 0 }).subarray(0, 30_000), { 'content-encoding': 'gzip' }),
  ],
  [
    'one from a server that knows no Range',
    (response, _, time) =>
      time === 1 ? breakOff(response, text.slice(0, 30_000)) : reply(response, 200, { body: text }),
  ],
  [
    'one that became another file meanwhile',
    (response, _, time) =>
      time === 1 && breakOff(response, text.slice(0, 30_000).replaceAll('Observation', 'observation')),
  ],
  [
    'one whose server then says that it has less',
    (response, { headers }, time) => {
      if (time === 1) return breakOff(response, text.slice(0, 30_000))
      return headers.range !== undefined && reply(response, 416)
    },
  ],
  [
    'a whole file in gzip',
    (response) => reply(response, 200, { headers: { 'content-encoding': 'gzip' }, body: gzipSync(text) }),
  ],
  [
    'a file that ends early without a word, then whole',
    (response, _, time) =>
      time === 1 && reply(response, 200, { headers: { connection: 'close' }, body: text.slice(0, 30_005) }),
  ],
  [
    'a server that is busy, five times',
    (response, _, time) => time <= 5 && reply(response, [408, 429, 500, 502, 503][time - 1] ?? 500),
  ],
  [
    'an error page in place of the file, once',
    (response, _, time) =>
      time === 1 && reply(response, 200, { headers: { 'content-type': 'text/html' }, body: '<html>\n' }),
  ],
] as readonly (readonly [string, Manner])[]) {
  test(`bulkDownload() loads ${name}`, async () => {
    await using fake = await fakeServer()
    using out = folder()
    fake.files = [{ type: 'Observation', text }]
    fake.manners.set('GET /files/0', manner)
    const { summary } = await run(downloadFrom(fake, out))
    assert.deepEqual([summary?.missing, summary?.files], [0, 1])
    assert.equal(out.read('Observation.1.ndjson'), text)
    assert.deepEqual(out.files(), ['Observation.1.ndjson'])
  })
}

for (const [name, sent, headers] of [
  ['as it is', text.slice(0, 60_000), {}],
  ['in gzip', gzipSync(text, { level: 0 }).subarray(0, 60_000), { 'content-encoding': 'gzip' }],
] as const) {
  test(`bulkDownload() asks only for what is missing of a file that came ${name}`, async () => {
    await using fake = await fakeServer()
    using out = folder()
    fake.files = [{ type: 'Observation', text }]
    let hangUp = () => {}
    fake.manners.set('GET /files/0', (response, _, time) => {
      if (time > 1) return false
      response.writeHead(200, { ...ndjsonType, ...headers }).write(sent)
      hangUp = () => response.destroy()
      return true
    })
    await run(downloadFrom(fake, out), { progress: ({ bytes }) => bytes > 10_000 && hangUp() })
    const [first, second] = fake.seen.filter(({ path }) => path === '/files/0').map((seen) => seen.headers)
    assert.deepEqual([first?.range, first?.['accept-encoding']], [undefined, 'gzip'])
    assert.match(second?.range ?? '', /^bytes=[1-9]\d+-$/)
    assert.equal(second?.['accept-encoding'], 'identity')
    assert.equal(out.read('Observation.1.ndjson'), text)
  })
}

for (const [name, manner, message] of [
  ['is gone', (response) => json(response, 410, outcome('deleted', 'expired')), /Gone: expired$/],
  ['breaks off ever again', (response) => breakOff(response, 'x'), /can't be loaded: it broke off/],
  ['is an error page', (response) => reply(response, 200, { body: '<html>\n' }), /it is no NDJSON, twice$/],
  ['ends within a line', (response) => reply(response, 200, { body: '{"a":' }), /its last line is cut off, twice$/],
  [
    'comes in an encoding that was not offered',
    (response) => reply(response, 200, { headers: { 'content-encoding': 'br' }, body: 'x' }),
    /comes in the encoding "br"/,
  ],
] as readonly (readonly [string, Manner, RegExp])[]) {
  test(`bulkDownload() loads the others when a file ${name}, and goes on later`, async () => {
    await using fake = await fakeServer()
    using out = folder()
    fake.files = [
      { type: 'Observation', text },
      { type: 'Patient', text: ndjson('Patient', 1) },
    ]
    fake.manners.set('GET /files/0', manner)
    const { summary, told } = await run(downloadFrom(fake, out))
    assert.deepEqual([summary?.missing, summary?.files], [1, 1])
    assert.match(told.at(-1) ?? '', message)
    assert.deepEqual(fake.paths('DELETE'), [])
    fake.manners.clear()
    const again = await run(downloadFrom(fake, out))
    assert.deepEqual([again.summary?.missing, again.summary?.files], [0, 2])
    assert.equal(out.read('Observation.1.ndjson'), text)
    assert.equal(fake.paths('GET').filter((path) => path === '/files/1').length, 1)
    assert.equal(fake.paths('GET').filter((path) => path.includes('$export')).length, 1)
  })
}

test('bulkDownload() does not believe a file with another count than the manifest, unless told so', async () => {
  await using fake = await fakeServer()
  using out = folder()
  fake.files = [{ type: 'Observation', text, count: 2001 }]
  const { summary, told } = await run(downloadFrom(fake, out))
  assert.equal(summary?.missing, 1)
  assert.equal(told.at(-1), 'Observation.1.ndjson: it has 2000 lines, the manifest says 2001, twice')
  const believing = await run(downloadFrom(fake, out, { ignoresCounts: true }))
  assert.equal(believing.summary?.missing, 0)
})

test('bulkDownload() sends its token to its own server only, and only if the manifest wants one', async () => {
  await using fake = await fakeServer()
  await using other = await fakeServer()
  using out = folder()
  other.files = [{ type: 'Patient', text: ndjson('Patient', 1) }]
  other.manifest = { requiresAccessToken: false }
  fake.files = [
    { type: 'Observation', text },
    { type: 'Patient', text: '' },
  ]
  fake.manifest = {
    output: [
      { type: 'Observation', url: `${fake.origin}/files/0` },
      { type: 'Patient', url: `${other.origin}/files/0` },
    ],
    requiresAccessToken: true,
  }
  fake.manners.set('GET /files/0', (response) =>
    reply(response, 307, { headers: { location: `${other.origin}/moved` } }),
  )
  other.manners.set('GET /moved', (response) => reply(response, 200, { body: text }))
  const { summary } = await run(downloadFrom(fake, out))
  assert.equal(summary?.missing, 0)
  const bearers = (seen: typeof fake.seen) => seen.map(({ path, headers }) => [path, headers.authorization])
  assert.deepEqual(bearers(other.seen).sort(), [
    ['/files/0', undefined],
    ['/moved', undefined],
  ])
  assert.ok(bearers(fake.seen).some(([path, bearer]) => path === '/files/0' && bearer === 'Bearer given'))
})

test('bulkDownload() sends no token where the addresses themselves are the right', async () => {
  await using fake = await fakeServer()
  using out = folder()
  fake.files = [{ type: 'Observation', text }]
  fake.manifest = { requiresAccessToken: false }
  await run(downloadFrom(fake, out))
  assert.equal(fake.seen.find(({ path }) => path === '/files/0')?.headers.authorization, undefined)
})

test('bulkDownload() ends after five redirects', async () => {
  await using fake = await fakeServer()
  using out = folder()
  fake.files = [{ type: 'Observation', text }]
  fake.manners.set('GET /files/0', (response) => reply(response, 302, { headers: { location: '/files/0' } }))
  const { summary, told } = await run(downloadFrom(fake, out))
  assert.equal(summary?.missing, 1)
  assert.match(told[0] ?? '', /leads from address to address$/)
  assert.equal(fake.paths('GET').filter((path) => path === '/files/0').length, 6)
})

test('bulkDownload() makes no path of what a manifest says', async () => {
  await using fake = await fakeServer()
  using out = folder()
  const type = '../../../etc/x'
  fake.manifest = { output: [{ type, url: `${fake.origin}/files/..%2f..%2fevil` }], requiresAccessToken: false }
  fake.manners.set('GET /files/..%2f..%2fevil', (response) => sendFile(response, text, undefined))
  await run(downloadFrom(fake, out))
  assert.deepEqual(out.files(), ['resources.1.ndjson'])
})

test('bulkDownload() goes on after it was stopped, with fresh addresses of the same files', async () => {
  await using fake = await fakeServer()
  using out = folder()
  fake.files = [
    { type: 'Observation', text },
    { type: 'Patient', text: ndjson('Patient', 1) },
  ]
  const stopping = new AbortController()
  fake.manners.set('GET /files/0', (response) => {
    response.writeHead(200, ndjsonType).write(text.slice(0, 30_000))
    return true // and nothing more
  })
  const stopped = run(downloadFrom(fake, out), {
    signal: stopping.signal,
    progress: ({ bytes, filesLoaded }) => {
      if (bytes > 30_000 && filesLoaded === 1) stopping.abort()
    },
  })
  await assert.rejects(stopped)
  assert.deepEqual(out.files(), ['Observation.1.ndjson.part', 'Patient.1.ndjson'])
  fake.manners.clear()
  const output = (manifestOf(fake).output as { url: string }[]).map((item) => ({
    ...item,
    url: `${item.url}?signature=2`,
  }))
  fake.manifest = { output, requiresAccessToken: false }
  const { summary } = await run(downloadFrom(fake, out))
  assert.equal(summary?.files, 2)
  assert.equal(out.read('Observation.1.ndjson'), text)
  const last = fake.seen.filter(({ path }) => path.startsWith('/files/'))
  assert.deepEqual(
    [last.length, last[2]?.path, last[2]?.headers.range],
    [3, '/files/0?signature=2', `bytes=${30_000 - 1024}-`],
  )
})

test('bulkDownload() does not mix exports in a folder', async () => {
  await using fake = await fakeServer()
  using out = folder()
  writeFileSync(join(out.path, 'mine.txt'), '')
  await assert.rejects(run(downloadFrom(fake, out)), /is not empty: name another folder$/)
  using other = folder()
  const download = downloadFrom(fake, other)
  await run(download)
  assert.equal((await run(download)).summary, undefined)
  await assert.rejects(
    run({ ...download, kickOff: { ...download.kickOff, level: { kind: 'patient' } } }),
    /holds another export \(GET http.*\): name another folder$/,
  )
})

test('bulkDownload() takes a folder again whose export never began', async () => {
  await using fake = await fakeServer()
  using out = folder()
  const download = downloadFrom(fake, out)
  fake.manners.set('GET /fhir/Patient/$export', (response) => json(response, 400, outcome('invalid', 'no')))
  await assert.rejects(run({ ...download, kickOff: { ...download.kickOff, level: { kind: 'patient' } } }), /: no$/)
  assert.equal((await run(download)).summary?.missing, 0)
})

test('bulkDownload() says which option would send the token to another server', async () => {
  await using fake = await fakeServer()
  await using other = await fakeServer()
  using out = folder()
  other.files = [{ type: 'Patient', text: ndjson('Patient', 1) }]
  fake.manifest = { output: [{ type: 'Patient', url: `${other.origin}/files/0` }], requiresAccessToken: true }
  const { told } = await run(downloadFrom(fake, out))
  assert.match(told[0] ?? '', /may want the token, .*: see --token-origin$/)
  const { summary } = await run(downloadFrom(fake, out, { tokenOrigins: [other.origin] }))
  assert.equal(summary?.missing, 0)
})

test('bulkDownload() ends at once when the disk fails, and goes on later', async () => {
  await using fake = await fakeServer()
  using out = folder()
  fake.files = [
    { type: 'Observation', text },
    { type: 'Patient', text: ndjson('Patient', 1) },
  ]
  fake.manners.set('GET /files/0', () => true) // never answered
  const blocked = join(out.path, 'Patient.1.ndjson.part')
  const failing = run(downloadFrom(fake, out), {
    progress: ({ files }) => files > 0 && mkdirSync(blocked, { recursive: true }),
  })
  await assert.rejects(failing, { code: 'EISDIR' })
  rmdirSync(blocked)
  fake.manners.clear()
  assert.equal((await run(downloadFrom(fake, out))).summary?.files, 2)
})

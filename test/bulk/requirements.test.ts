/** What the guide, its users and its clients ask of exports (docs/conformance/bulk-data.md) and no other test shows. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { serverOf } from '../../src/app.ts'
import { moveClock } from '../support/clock.ts'
import { begin, type Exporting, ended, exporting, newApp, respondAsync } from './exporting.ts'

let exports: Exporting
let token: string

before(async () => {
  exports = await exporting()
  await exports.work()
  token = await exports.token()
})
after(() => exports[Symbol.asyncDispose]())

const get = (address: string, headers = {}, of = token) => exports.send('GET', address, of, headers)

interface Item {
  readonly type: string
  readonly url: string
}

/** The manifest of an export and its lines, read. */
async function exported(path: string, parameters?: object) {
  const status = parameters
    ? String(
        (await exports.send('POST', `/north/fhir/r4/${path}`, token, respondAsync, parameters)).headers[
          'content-location'
        ],
      )
    : await begin(exports, path, token)
  const { json: manifest } = await ended(exports, status, token)
  const texts = await Promise.all((manifest.output as Item[]).map(async ({ url }) => (await get(url)).text))
  const lines = texts.flatMap((text) => text.trimEnd().split('\n')).map((line) => JSON.parse(line))
  return { status, manifest, lines, names: lines.map(({ resourceType, id }) => `${resourceType}/${id}`).sort() }
}

test('P2: no statement of an export skips rows that it has passed: they flow from key to key', async () => {
  exports.app.takeStatements()
  await exported('$export')
  const statements = exports.app.takeStatements()
  assert.ok(
    statements.some((text) => /\bfrom resource\b/.test(text)),
    'rows were read',
  )
  assert.deepEqual(
    statements.filter((text) => /\boffset\b/i.test(text)),
    [],
  )
})

test('P13: a group without members is exported at once, and holds nobody', async () => {
  const { names, manifest } = await exported('Group/g2/$export')
  assert.deepEqual(names, ['Group/g2'])
  assert.deepEqual(manifest.error, [])
  const { manifest: none } = await exported('Group/g2/$export?_type=Patient,Observation')
  assert.deepEqual(none.output, [])
})

const inStatus = 'status:in=http://hl7.org/fhir/ValueSet/observation-status'

for (const [filters, o1, o2] of [
  [['Observation?status=final'], true, false],
  [['Observation?status=final', 'Observation?status=preliminary'], true, true],
  [['Observation?status=final,preliminary'], true, true],
  [[`Observation?${inStatus}`], true, true],
  [[`Observation?${inStatus}&status=final`], true, false],
  [['Observation?status=amended'], false, false],
] as const) {
  test(`P16: _typeFilter ${filters.join(' or ')} picks the same at each level, by GET and by POST`, async () => {
    const query = filters.map((filter) => `_typeFilter=${encodeURIComponent(filter)}`).join('&')
    const parameters = {
      resourceType: 'Parameters',
      parameter: [
        { name: '_type', valueString: 'Observation' },
        ...filters.map((valueString) => ({ name: '_typeFilter', valueString })),
      ],
    }
    for (const [level, isWhole] of [
      ['$export', true],
      ['Patient/$export', true],
      ['Group/g1/$export', false],
    ] as const) {
      const expected = [...(o1 ? ['Observation/o1'] : []), ...(o2 && isWhole ? ['Observation/o2'] : [])]
      assert.deepEqual((await exported(`${level}?_type=Observation&${query}`)).names, expected, level)
      assert.deepEqual((await exported(level, parameters)).names, expected, `POST ${level}`)
    }
  })
}

test('P23, B21, B22: a file is sent by this server itself, as often as it is asked for', async () => {
  const { manifest } = await exported('$export?_type=Patient')
  const { url } = manifest.output[0]
  const [once, again] = [await get(url), await get(url)]
  assert.deepEqual([once.status, once.headers.location], [200, undefined])
  assert.deepEqual([again.text, again.headers.etag], [once.text, once.headers.etag])
  assert.equal(new URL(url).host, 'localhost:8080')
})

test('P30, P31, F5: the newest version goes out, alone, with its meta', async () => {
  const profile = 'http://example.org/profile'
  const code = { text: 'later' }
  const changed = { resourceType: 'Observation', id: 'twice', meta: { profile: [profile] }, status: 'final', code }
  await exports.app.load(exports.practice, [{ ...changed, code: { text: 'earlier' } }])
  await exports.app.load(exports.practice, [changed])
  const { lines } = await exported('$export?_type=Observation')
  const [line, ...others] = lines.filter(({ id }) => id === 'twice')
  assert.deepEqual(others, [])
  assert.deepEqual([line.code.text, line.meta.versionId, line.meta.profile], ['later', '2', [profile]])
  assert.match(line.meta.lastUpdated, /^\d{4}-\d\d-\d\dT/)
})

test('F7, B29: a status that was kept is good at another process, and says the same again', async () => {
  const { status, manifest } = await exported('$export?_type=Patient')
  const { server } = await serverOf(exports.app.installation, { write: () => undefined })
  try {
    for (const [address, expected] of [
      [status, manifest],
      [manifest.output[0].url, undefined],
    ]) {
      const url = address.replace('http://localhost:8080', '')
      const answer = await server.inject({ url, headers: { authorization: `Bearer ${token}` } })
      assert.equal(answer.statusCode, 200, answer.body)
      if (expected) assert.deepEqual(answer.json(), expected)
    }
  } finally {
    await server.close()
  }
})

test('F10, B24: the address of an attachment is whole, and the token of the export opens it, none does not', async () => {
  const attachment = { contentType: 'text/plain', url: 'Binary/note' }
  await exports.app.load(exports.practice, [
    { resourceType: 'Binary', id: 'note', contentType: 'text/plain', data: 'aGk=' },
    {
      ...{ resourceType: 'DocumentReference', id: 'doc', status: 'current', subject: { reference: 'Patient/p1' } },
      content: [{ attachment }],
    },
  ])
  const { lines } = await exported('Group/g1/$export?_type=DocumentReference,Binary')
  const { url, contentType, data } = lines.find(({ id }) => id === 'doc').content[0].attachment
  assert.deepEqual(
    [url, contentType, data],
    ['http://localhost:8080/north/fhir/r4/Binary/note', 'text/plain', undefined],
  )
  assert.equal((await get(url)).status, 200)
  assert.equal((await exports.send('GET', url)).status, 401)
})

test('K9: what was not asked for is not said to be applied', async () => {
  const answer = await exports.send('GET', '/north/fhir/r4/$export', token, {})
  assert.deepEqual([answer.status, answer.headers['preference-applied']], [202, undefined])
})

test('B11: Expires is an HTTP date behind Date', async () => {
  const { status } = await exported('$export?_type=Patient')
  const { headers } = await get(status)
  const expires = String(headers.expires)
  assert.equal(new Date(expires).toUTCString(), expires)
  assert.ok(Date.parse(expires) > Date.parse(String(headers.date ?? new Date().toUTCString())))
})

test('A11, B20: a download that has begun outlives its token and its export', async () => {
  await using large = await exporting({ exportMegabytes: '100' })
  await large.work()
  const note = [{ text: 'x'.repeat(500_000) }]
  const notes = Array.from({ length: 40 }, (_, i) => ({
    ...{ resourceType: 'Observation', id: `n${i}`, status: 'final', code: { text: 'n' }, note },
  }))
  await large.app.load(large.practice, notes)
  const client = await newApp(large)
  const long = await large.token('system/*.rs', { client })
  const status = await begin(large, '$export?_type=Observation', long)
  const { url, fileSize } = (await ended(large, status, long)).json.output[0]
  const origin = await large.app.server.listen({ port: 0, host: '127.0.0.1' })
  const address = url.replace('http://localhost:8080', origin)
  const short = await large.app.token(large.practice, { scope: 'system/*.rs', client, seconds: 600 })
  const answer = await fetch(address, { headers: { authorization: `Bearer ${short}` } })
  assert.equal(answer.status, 200)
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
  let bytes = (await reader.read()).value?.length ?? 0
  moveClock(600_000)
  assert.equal((await large.send('GET', url, short, { range: 'bytes=0-0' })).status, 401)
  assert.equal((await large.send('DELETE', status, long)).status, 202)
  while ((await large.send('GET', url, long, { range: 'bytes=0-0' })).status !== 404) await sleep(100)
  assert.ok(bytes < fileSize, 'most of it is not sent yet')
  for (let part = await reader.read(); !part.done; part = await reader.read()) bytes += part.value.length
  assert.equal(bytes, fileSize)
})

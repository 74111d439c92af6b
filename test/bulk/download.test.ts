/** The files of an export: whole, in parts, packed, by token or by an address that stands for one. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { sql } from '#db'
import { begin, type Exporting, ended, exporting } from './exporting.ts'

interface Output {
  readonly type: string
  readonly url: string
  readonly count: number
  readonly fileSize: number
}

interface Exported {
  readonly exports: Exporting
  readonly token: string
  readonly status: string
  readonly output: readonly Output[]
  /** Of the file of Patients. */
  readonly url: string
}

async function exported(settings: Readonly<Record<string, string>> = {}): Promise<Exported> {
  const exports = await exporting(settings)
  try {
    await exports.work()
    const token = await exports.token()
    const status = await begin(exports, '$export?_type=Patient,Observation', token)
    const { output } = (await ended(exports, status, token)).json
    const { url } = output.find(({ type }: Output) => type === 'Patient')
    return { exports, token, status, output, url }
  } catch (error) {
    await exports[Symbol.asyncDispose]()
    throw error
  }
}

for (const gzip of ['off', 'on'] as const) {
  describe(`stored with gzip ${gzip}`, () => {
    let made: Exported
    const get = (headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
      made.exports.send(method, made.url, made.token, headers)

    before(async () => {
      made = await exported({ exportGzip: gzip })
    })
    after(() => made.exports[Symbol.asyncDispose]())

    test('F2, F6, B19: it comes as NDJSON, packed when that is taken and stored', async () => {
      const plain = await get()
      assert.equal(plain.status, 200)
      assert.equal(plain.headers['content-type'], 'application/fhir+ndjson')
      assert.equal(plain.headers['content-encoding'], undefined)
      assert.equal(plain.headers['content-length'], String(plain.bytes.length))
      assert.equal(plain.headers['accept-ranges'], 'bytes')
      const packed = await get({ 'accept-encoding': 'gzip, deflate' })
      assert.equal(packed.headers['content-encoding'], gzip === 'on' ? 'gzip' : undefined)
      assert.equal(packed.headers['content-length'], String(packed.bytes.length))
      const text = gzip === 'on' ? gunzipSync(packed.bytes).toString() : packed.text
      assert.equal(text, plain.text)
      assert.equal(packed.headers.etag === plain.headers.etag, gzip === 'off', 'other bytes, other tag')
      assert.equal((await get({ 'accept-encoding': 'gzip;q=0' })).headers['content-encoding'], undefined)
    })

    test('HEAD tells the same without the bytes', async () => {
      const [head, whole] = [await get({}, 'HEAD'), await get()]
      assert.equal(head.status, 200)
      assert.equal(head.bytes.length, 0)
      for (const name of ['etag', 'content-length', 'content-type'])
        assert.equal(head.headers[name], whole.headers[name])
    })

    test('Range gives a part', async () => {
      const whole = (await get()).text
      const length = whole.length
      // biome-ignore format: a table
      for (const [range, status, text, contentRange] of [
        ['bytes=0-9',              206, whole.slice(0, 10),  `bytes 0-9/${length}`],
        ['bytes=10-',              206, whole.slice(10),     `bytes 10-${length - 1}/${length}`],
        ['bytes=-10',              206, whole.slice(-10),    `bytes ${length - 10}-${length - 1}/${length}`],
        [`bytes=5-${length + 99}`, 206, whole.slice(5),      `bytes 5-${length - 1}/${length}`],
        [`bytes=-${length + 99}`,  206, whole,               `bytes 0-${length - 1}/${length}`],
        ['bytes=0-1,5-6',          200, whole,               undefined],
        ['bytes=9-5',              200, whole,               undefined],
        ['lines=1-2',              200, whole,               undefined],
      ] as const) {
        const part = await get({ range })
        assert.equal(part.status, status, range)
        assert.equal(part.text, text, range)
        assert.equal(part.headers['content-range'], contentRange, range)
        assert.equal(part.headers['content-length'], String(text.length), range)
      }
      const beyond = await get({ range: `bytes=${length}-` })
      assert.equal(beyond.status, 416)
      assert.equal(beyond.headers['content-range'], `bytes */${length}`)
    })

    test('If-Range gives the whole when the bytes are others', async () => {
      const { etag } = (await get()).headers
      assert.match(String(etag), /^"[\w.]+"$/, 'a strong tag')
      assert.equal((await get({ range: 'bytes=0-9', 'if-range': String(etag) })).status, 206)
      assert.equal((await get({ range: 'bytes=0-9', 'if-range': '"other"' })).status, 200)
    })
  })
}

test('F3: a file by token is 401 without one, and with a ticket that nobody gave', async () => {
  const { exports, url } = await exported()
  await using _ = exports
  const without = await exports.send('GET', url)
  assert.equal(without.status, 401)
  assert.equal(without.json.resourceType, 'OperationOutcome')
  assert.equal((await exports.send('GET', `${url}?ticket=zzzzzz.AAAA`)).status, 404)
})

test('F4: a capability address needs no token, and nobody can make one', async () => {
  const { exports, url, token, status, output } = await exported({ exportUrls: 'capability' })
  await using _ = exports
  assert.match(url, /\?ticket=[0-9a-z]+\.[\w-]{43}$/)
  assert.equal((await exports.send('GET', url)).status, 200)
  const other = output.find((each) => each.url !== url)
  const ticket = url.slice(url.indexOf('?'))
  const tampered = url.slice(0, -1) + (url.endsWith('A') ? 'B' : 'A')
  const later = url.replace(/ticket=(\w)/, (_all, first: string) => `ticket=${first}z`)
  for (const address of [
    tampered,
    later,
    other?.url.replace(/\?.*/, ticket) ?? '',
    url.replace(ticket, '?ticket='),
    url.replace('north', 'south'),
  ]) {
    assert.equal((await exports.send('GET', address)).status, 404, address)
  }
  assert.equal((await exports.send('DELETE', status, token)).status, 202)
  assert.equal((await exports.send('GET', url)).status, 404)
})

for (const urls of ['bearer', 'capability'] as const) {
  test(`an export that has expired is 410, its status and its files (${urls})`, async () => {
    const { exports, url, token, status } = await exported({ exportUrls: urls })
    await using _ = exports
    await exports.app.installation.db.run(sql`
      update export set expires_at = now() - interval '1 second' where practice = ${exports.practice.number}
    `)
    for (const address of [url, status]) {
      const gone = await exports.send('GET', address, urls === 'bearer' || address === status ? token : undefined)
      assert.equal(gone.status, 410, gone.text)
      assert.equal(gone.json.issue[0].code, 'expired')
    }
    const [one] = (await exports.send('GET', '/north/fhir/r4/$export-status', token)).json.exports
    assert.equal(one.state, 'expired')
  })
}

test('S-18: a name that is not of the export is no file, whatever it looks like', async () => {
  const { exports, url, token } = await exported()
  await using _ = exports
  const folder = url.slice(0, url.lastIndexOf('/'))
  for (const name of [
    'Patient-2.ndjson',
    'patient-1.ndjson',
    '..%2F..%2Finstallation',
    '%2Fetc%2Fpasswd',
    '...',
    'Patient-1.ndjson%00',
  ]) {
    const answer = await exports.send('GET', `${folder}/${name}`, token)
    assert.ok([400, 404].includes(answer.status), `${name} ${answer.status}`)
    assert.equal(answer.json.resourceType, 'OperationOutcome')
  }
})

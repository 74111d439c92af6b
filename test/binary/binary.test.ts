/** https://hl7.org/fhir/R4/binary.html#rest */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { PracticeRecord } from '#platform'
import type { Grant } from '#smart'
import { type TestApp, testApp } from '../support/test-app.ts'

let app: TestApp
let practice: PracticeRecord
let token: string

/** Every byte there is, so that nothing reads it as text. */
const picture = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))

before(async () => {
  app = await testApp()
  practice = await app.addPractice('clinic', { writes: 'on' })
  token = await app.token(practice, { scope: 'system/*.cruds' })
  await app.load(practice, [
    { resourceType: 'Patient', id: 'p1' },
    { resourceType: 'Patient', id: 'p2' },
    { resourceType: 'Binary', id: 'png', contentType: 'image/png', data: picture.toString('base64') },
    { resourceType: 'Binary', id: 'empty', contentType: 'text/plain' },
    { resourceType: 'Binary', id: 'odd', contentType: 'a\r\nset-cookie: x=y', data: 'YQ==' },
    { resourceType: 'Binary', id: 'html', contentType: 'text/html', data: 'PHNjcmlwdD4=' },
  ])
})
after(() => app[Symbol.asyncDispose]())

interface Given {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly payload?: string | Buffer
  readonly grant?: Partial<Grant>
}

async function ask(path: string, { method = 'GET', headers = {}, payload, grant }: Given = {}) {
  const bearer = grant ? await app.token(practice, grant) : token
  return app.request({
    method,
    url: `/clinic/fhir/r4/${path}`,
    headers: { authorization: `Bearer ${bearer}`, ...headers },
    ...(payload !== undefined && { payload }),
  })
}

const json = 'application/fhir+json; charset=utf-8'

// biome-ignore format: a table
for (const [accept, type] of [
  ['image/png',                                   'image/png'],
  ['application/pdf',                             'image/png'],
  ['*/*',                                         'image/png'],
  ['text/html,application/xhtml+xml,*/*;q=0.8',   'image/png'],
  ['image/png, application/fhir+json;q=0.5',      'image/png'],
  ['application/fhir+json',                       json],
  ['application/fhir+json, */*;q=0.1',            json],
  ['application/json, text/plain, */*',           'application/json; charset=utf-8'],
] as const) {
  test(`a Binary is read with Accept: ${accept} as ${type}`, async () => {
    const answer = await ask('Binary/png', { headers: { accept } })
    assert.equal(answer.status, 200, answer.text)
    assert.equal(answer.headers['content-type'], type)
    if (type === 'image/png') assert.deepEqual(answer.bytes, picture)
    else assert.equal(answer.json.data, picture.toString('base64'))
  })
}

test('_format asks for the resource whatever Accept says', async () => {
  const answer = await ask('Binary/png?_format=json', { headers: { accept: 'image/png' } })
  assert.deepEqual([answer.headers['content-type'], answer.json.resourceType], [json, 'Binary'])
})

test('a file comes with its version, and 304 to who holds it', async () => {
  const { headers } = await ask('Binary/png')
  assert.equal(headers.etag, 'W/"1"')
  assert.equal(headers['content-length'], '256')
  assert.match(String(headers.vary), /Accept/)
  assert.equal((await ask('Binary/png', { headers: { 'if-none-match': 'W/"1"' } })).status, 304)
  const head = await ask('Binary/png', { method: 'HEAD' })
  assert.deepEqual([head.status, head.bytes.length, head.headers['content-type']], [200, 0, 'image/png'])
})

test('S-16: no file opens as a page of this server, and none is guessed to be another', async () => {
  for (const [id, type] of [
    ['html', 'text/html'],
    ['odd', 'application/octet-stream'],
    ['png', 'image/png'],
  ] as const) {
    const { headers, status } = await ask(`Binary/${id}`)
    assert.equal(status, 200)
    assert.equal(headers['content-type'], type)
    assert.equal(headers['content-disposition'], 'attachment')
    assert.match(String(headers['content-security-policy']), /sandbox/)
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['set-cookie'], undefined)
  }
})

test('a Binary without data is an empty file', async () => {
  const answer = await ask('Binary/empty')
  assert.deepEqual([answer.status, answer.bytes.length, answer.headers['content-type']], [200, 0, 'text/plain'])
})

test('other types are never served as a file', async () => {
  assert.equal((await ask('Patient/p1', { headers: { accept: 'application/pdf' } })).status, 406)
  assert.equal((await ask('Binary', { headers: { accept: 'application/pdf' } })).status, 406)
  assert.equal((await ask('Binary/png', { headers: { accept: 'application/fhir+xml' } })).status, 406)
})

test('a posted file is stored as a Binary, and read back byte by byte', async () => {
  const file = randomBytes(3_000_000)
  const headers = { 'content-type': 'application/pdf', 'x-security-context': 'Patient/p1' }
  const created = await ask('Binary', { method: 'POST', headers, payload: file })
  assert.equal(created.status, 201, created.text.slice(0, 500))
  const { id } = created.json
  const resource = (await ask(`Binary/${id}`, { headers: { accept: 'application/fhir+json' } })).json
  assert.equal(resource.contentType, 'application/pdf')
  assert.equal(resource.securityContext.reference, 'Patient/p1')
  const read = await ask(`Binary/${id}`)
  assert.ok(read.bytes.equals(file))
  assert.equal(read.headers['x-security-context'], 'Patient/p1')
})

test('a file is replaced by PUT under its id, and its versions stay', async () => {
  const put = (payload: string, type: string) =>
    ask('Binary/letter', { method: 'PUT', headers: { 'content-type': type }, payload })
  assert.equal((await put('one', 'text/plain; charset=utf-8')).status, 201)
  assert.equal((await put('<b>two</b>', 'text/html')).status, 200)
  const now = await ask('Binary/letter')
  assert.deepEqual([now.text, now.headers.etag, now.headers['content-type']], ['<b>two</b>', 'W/"2"', 'text/html'])
  const before = await ask('Binary/letter/_history/1')
  assert.deepEqual([before.text, before.headers['content-type']], ['one', 'text/plain;charset=utf-8'])
  assert.match(String(before.headers['content-security-policy']), /sandbox/)
  const stale = { 'content-type': 'text/plain', 'if-match': 'W/"1"' }
  assert.equal((await ask('Binary/letter', { method: 'PUT', headers: stale, payload: 'three' })).status, 412)
})

test('XML, and what has no type, are files like any other', async () => {
  const document = '<ClinicalDocument xmlns="urn:hl7-org:v3"/>'
  const xml = await ask('Binary', { method: 'POST', headers: { 'content-type': 'text/xml' }, payload: document })
  assert.equal((await ask(`Binary/${xml.json.id}`)).text, document)
  const untyped = await ask('Binary', { method: 'POST', payload: picture })
  assert.equal(untyped.json.contentType, 'application/octet-stream')
})

test('a Binary posted as FHIR JSON is the resource', async () => {
  const payload = '{"resourceType":"Binary","contentType":"text/plain","data":"aGk="}'
  const headers = { 'content-type': 'application/fhir+json' }
  const { json: stored } = await ask('Binary', { method: 'POST', headers, payload })
  assert.equal((await ask(`Binary/${stored.id}`)).text, 'hi')
})

// biome-ignore format: a table
for (const [what, path, headers, payload, status, part] of [
  ['no media type',            'Binary',     { 'content-type': 'pdf' },                        'x', 415, ''],
  ['no body',                  'Binary',     { 'content-type': 'application/fhir+json' },      '',  400, ''],
  ['a context that is none',   'Binary',     { 'content-type': 'text/plain', 'x-security-context': 'p1' }, 'x', 400, 'X-Security-Context'],
  ['a Binary in XML',          'Binary',     { 'content-type': 'application/fhir+xml' }, '<Binary xmlns="http://hl7.org/fhir"/>', 415, 'from XML'],
  ['a file for another type',  'Patient',    { 'content-type': 'text/plain' },                 'x', 415, 'The body is of type text/plain'],
  ['a file for a search',      'Patient/_search', { 'content-type': 'text/plain' },            'x', 415, 'Content-Type'],
  ['more than is allowed',     'Binary',     { 'content-type': 'text/plain' }, Buffer.alloc(10 * 1024 * 1024 + 1, 'x'), 413, 'larger'],
] as const) {
  test(`POST ${path} with ${what} is ${status}`, async () => {
    const answer = await ask(path, { method: 'POST', headers, payload })
    assert.equal(answer.status, status, answer.text.slice(0, 300))
    assert.ok(answer.text.includes(part), answer.text.slice(0, 300))
    assert.equal(answer.json.resourceType, 'OperationOutcome')
  })
}

test('a file of the largest size is taken and given back', async () => {
  const file = Buffer.alloc(10 * 1024 * 1024, 'x')
  const headers = { 'content-type': 'text/plain', prefer: 'return=minimal' }
  const created = await ask('Binary', { method: 'POST', headers, payload: file })
  assert.equal(created.status, 201, created.text.slice(0, 300))
  const [, id] = /Binary\/([^/]+)/.exec(String(created.headers.location)) ?? []
  assert.ok((await ask(`Binary/${id}`)).bytes.equals(file))
})

test('a file is for those who may read the Binary', async () => {
  const headers = { 'content-type': 'text/plain', 'x-security-context': 'Patient/p1' }
  const { json: stored } = await ask('Binary', { method: 'POST', headers, payload: 'secret' })
  const inPerson = (patient: string): Partial<Grant> => ({
    ...{ user: `Patient/${patient}`, role: 'patient', patients: [patient], scope: 'patient/*.rs' },
  })
  assert.equal((await ask(`Binary/${stored.id}`, { grant: inPerson('p1') })).text, 'secret')
  for (const path of [`Binary/${stored.id}`, `Binary/${stored.id}/_history/1`]) {
    const answer = await ask(path, { grant: inPerson('p2') })
    assert.equal(answer.status, 404)
    assert.ok(!answer.text.includes('secret'))
  }
  const writing = { method: 'PUT', headers, payload: 'mine', grant: { scope: 'system/*.rs' } }
  assert.equal((await ask(`Binary/${stored.id}`, writing)).status, 403)
})

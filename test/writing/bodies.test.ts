/** Bodies that would be stored as something else than they are, and bodies that are much of one thing. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { processorMs } from '../support/processor-time.ts'
import { testApp } from '../support/test-app.ts'
import { observation, openWriter, patient, sentences } from './writer.ts'

const app = await testApp()
after(() => app[Symbol.asyncDispose]())
const client = await openWriter(app)
const token = await app.token(client.practice, { scope: 'system/*.cruds' })

function post(path: string, payload: Buffer, headers: Record<string, string> = {}) {
  const url = `/${client.practice.id}/fhir/r4/${path}`
  const given = { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json', ...headers }
  return app.request({ method: 'POST', url, headers: given, payload })
}

const named = JSON.stringify(patient({ name: [{ family: 'Müller' }] }))
const [before = '', behind = ''] = named.split('ü')
/** As no UTF-8 has it. */
const halfOfPair = Buffer.concat([Buffer.from(before), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from(behind)])

for (const [what, body] of [
  ['Latin-1', Buffer.from(named, 'latin1')],
  ['half of a surrogate pair', halfOfPair],
] as const) {
  test(`a body in ${what} is refused, and none of its letters replaced`, async () => {
    const refused = await post('Patient', body)
    assert.equal(refused.status, 400, refused.text)
    assert.match(sentences(refused)[0] ?? '', /JSON is UTF-8/)
  })
}

test('a compressed body is refused, whatever it holds', async () => {
  for (const [path, type] of [
    ['Patient', 'application/fhir+json'],
    ['Binary', 'application/pdf'],
  ] as const) {
    const refused = await post(path, gzipSync(named), { 'content-type': type, 'content-encoding': 'gzip' })
    assert.equal(refused.status, 415, refused.text)
  }
  assert.equal((await post('Patient', Buffer.from(named), { 'content-encoding': 'identity' })).status, 201)
})

test('a URL that no index can hold is stored, and found by all of it and by its beginning', async () => {
  const url = `http://x/${Array.from({ length: 9000 }, (_, i) => ((i * 7919) % 36 ** 3).toString(36)).join('')}`
  const { status, text } = await client.send('POST', 'ValueSet', { resourceType: 'ValueSet', status: 'active', url })
  assert.equal(status, 201, text)
  const found = await client.send('POST', 'ValueSet/_search', `url=${url}`, {
    'content-type': 'application/x-www-form-urlencoded',
  })
  assert.equal(found.json.total, 1, found.text.slice(0, 500))
  assert.equal((await client.send('GET', `ValueSet?url:below=http://x/`)).json.total, 1)
})

test('a resource with very many codes is indexed and replaced with seconds of work, and found', async () => {
  const coded = (letter: string) => {
    const category = Array.from({ length: 40_000 }, (_, i) => ({ coding: [{ code: `${letter}${i}` }] }))
    return observation('p', { id: 'coded', category })
  }
  const started = processorMs()
  for (const letter of ['a', 'b']) await client.send('PUT', 'Observation/coded', coded(letter))
  assert.ok(processorMs() - started < 10_000)
  assert.equal((await client.send('GET', 'Observation?category=b39999&_elements=id')).json.total, 1)
  assert.equal((await client.send('GET', 'Observation?category=a39999&_elements=id')).json.total, 0)
})

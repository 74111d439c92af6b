import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { PracticeRecord } from '#platform'
import { type TestApp, testApp } from '../support/test-app.ts'

let app: TestApp
let practice: PracticeRecord
let token: string

const weight = (value: string) =>
  `{"resourceType":"Observation","id":"w","status":"final","code":{"text":"Weight"},"valueQuantity":{"value":${value},"unit":"kg"}}`

before(async () => {
  app = await testApp()
  practice = await app.addPractice('clinic')
  token = await app.token(practice)
  const store = app.storeOf(practice)
  const put = (text: string) =>
    store.write([{ kind: 'put', type: 'Observation', id: 'w', text, resource: JSON.parse(text) as object }])
  await put(weight('70.10'))
  await put(weight('70.100'))
  await store.write([{ kind: 'delete', type: 'Observation', id: 'w' }])
  await put(weight('7.0e1'))
})
after(() => app[Symbol.asyncDispose]())

// biome-ignore format: a table
for (const [what, path, status, part] of [
  ['answers a first version to the letter', 'Observation/w/_history/1', 200, '"value":70.10,'],
  ['answers one that was replaced', 'Observation/w/_history/2', 200, '"value":70.100,'],
  ['answers 410 for a version that is a deletion', 'Observation/w/_history/3', 410, 'Version 3 of Observation/w is its deletion'],
  ['answers the current version', 'Observation/w/_history/4', 200, '"value":7.0e1,'],
  ['shows the elements that were asked for', 'Observation/w/_history/1?_elements=status', 200, '"code":"SUBSETTED"'],
  ['answers 404 for a version that never was', 'Observation/w/_history/5', 404, 'Version 5 of Observation/w is not known'],
  ['answers 404 for a number beyond all versions', 'Observation/w/_history/99999999999', 404, 'is not known'],
  ['answers 404 for an id that is no number', 'Observation/w/_history/01', 404, 'Version 01 of'],
  ['answers 404 for an id that was never there', 'Observation/v/_history/1', 404, 'Version 1 of Observation/v is not known'],
  ['answers 404 for another type of the same id', 'Condition/w/_history/1', 404, 'is not known'],
  ['answers 400 for what cannot be the id of a version', 'Observation/w/_history/a_b', 400, 'is not the id of a version'],
  ['answers 400 for what cannot be an id', 'Observation/a_b/_history/1', 400, 'is not an id'],
  ['answers 404 for an unknown type', 'Observatoin/w/_history/1', 404, 'is not a resource type'],
] as const) {
  test(`vread() ${what}`, async () => {
    const answer = await app.get(practice, path, token)
    assert.equal(answer.status, status, answer.text)
    assert.ok(answer.text.includes(part), answer.text)
  })
}

test('vread() answers with the version and its time, and 304 to who holds it', async () => {
  const { headers, json } = await app.get(practice, 'Observation/w/_history/2', token)
  assert.equal(headers.etag, 'W/"2"')
  assert.equal(json.meta.versionId, '2')
  assert.equal(headers['last-modified'], new Date(json.meta.lastUpdated).toUTCString())
  const again = await app.get(practice, 'Observation/w/_history/2', token, { 'if-none-match': 'W/"2"' })
  assert.deepEqual([again.status, again.text], [304, ''])
  assert.equal((await app.get(practice, 'Observation/w/_history/2', token, { 'if-none-match': 'W/"4"' })).status, 200)
})

test('vread() answers HEAD without a body', async () => {
  const url = '/clinic/fhir/r4/Observation/w/_history/1'
  const answer = await app.request({ method: 'HEAD', url, headers: { authorization: `Bearer ${token}` } })
  assert.deepEqual([answer.status, answer.headers.etag, answer.text], [200, 'W/"1"', ''])
})

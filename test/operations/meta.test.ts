import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Answer, type TestApp, testApp } from '../support/test-app.ts'

type Practice = Awaited<ReturnType<TestApp['addPractice']>>

let app: TestApp
let practice: Practice
let token: string

const x = { system: 'urn:s', code: 'x' }
const y = { system: 'urn:s', code: 'y' }
const text =
  '{"resourceType":"Observation","id":"o","meta":{"profile":["urn:p"],"tag":[{"system":"urn:s","code":"x"}]},"status":"final","code":{"text":"c"},"subject":{"reference":"Patient/p"},"valueQuantity":{"value":1.50}}'

before(async () => {
  app = await testApp()
  practice = await app.addPractice('north', { writes: 'on' })
  token = await app.token(practice, { scope: 'system/*.cruds' })
  const hidden = {
    resourceType: 'Observation',
    id: 'h',
    status: 'final',
    code: { text: 'c' },
    subject: { reference: 'Patient/q' },
  }
  await app.load(practice, [
    { resourceType: 'Patient', id: 'p', meta: { security: [{ code: 'R' }] } },
    { resourceType: 'Patient', id: 'q' },
    { ...hidden, meta: { tag: [{ system: 'urn:s', code: 'hidden' }], profile: ['urn:p'] } },
  ])
  await app.storeOf(practice).write([{ kind: 'put', type: 'Observation', id: 'o', text, resource: JSON.parse(text) }])
})
after(() => app?.[Symbol.asyncDispose]())

function post(path: string, meta: object, by = token, headers = {}): Promise<Answer> {
  const parameter = [{ name: 'meta', valueMeta: meta }]
  return app.request({
    method: 'POST',
    url: `/north/fhir/r4/${path}`,
    headers: { authorization: `Bearer ${by}`, 'content-type': 'application/fhir+json', ...headers },
    payload: JSON.stringify({ resourceType: 'Parameters', parameter }),
  })
}

const metaOf = ({ json }: Answer) => json.parameter[0].valueMeta

test('$meta answers the meta of a resource', async () => {
  const { json } = await app.get(practice, 'Observation/o', token)
  const answer = await app.get(practice, 'Observation/o/$meta', token)
  assert.deepEqual(metaOf(answer), json.meta)
  assert.equal((await app.get(practice, 'Observation/none/$meta', token)).status, 404)
})

test('$meta of a type and of all tells the labels that may be seen', async () => {
  assert.deepEqual(metaOf(await app.get(practice, 'Observation/$meta', token)), {
    profile: ['urn:p'],
    tag: [
      { code: 'hidden', system: 'urn:s' },
      { code: 'x', system: 'urn:s' },
    ],
  })
  const own = await app.token(practice, { scope: 'patient/*.rs', patients: ['p'] })
  assert.deepEqual(metaOf(await app.get(practice, '$meta', own)), {
    ...{ profile: ['urn:p'], security: [{ code: 'R' }], tag: [{ code: 'x', system: 'urn:s' }] },
  })
  const only = await app.token(practice, { scope: 'system/Patient.rs' })
  assert.equal((await app.get(practice, 'Observation/$meta', only)).status, 403)
  assert.deepEqual(metaOf(await app.get(practice, '$meta', only)), { security: [{ code: 'R' }] })
})

test('$meta-add and $meta-delete change the labels, and nothing else', async () => {
  const added = await post('Observation/o/$meta-add', { tag: [x, y], security: [{ code: 'R' }] })
  assert.equal(added.status, 200, added.text)
  const { versionId, lastUpdated, ...labels } = metaOf(added)
  assert.deepEqual(labels, { profile: ['urn:p'], tag: [x, y], security: [{ code: 'R' }] })
  assert.equal(versionId, '2')
  assert.equal(added.headers.etag, 'W/"2"')
  const found = await app.get(practice, 'Observation?_tag=urn:s|y', token)
  assert.equal(found.json.entry.length, 1)
  const stored = await app.get(practice, 'Observation/o', token)
  assert.ok(stored.text.includes('"value":1.50'))
  assert.equal(stored.json.meta.lastUpdated, lastUpdated)

  assert.equal(metaOf(await post('Observation/o/$meta-add', { tag: [x] })).versionId, '2')
  const gone = await post('Observation/o/$meta-delete', { tag: [y], security: [{ code: 'R' }, { code: 'none' }] })
  const { versionId: third, lastUpdated: _, ...left } = metaOf(gone)
  assert.deepEqual([third, left], ['3', { profile: ['urn:p'], tag: [x] }])
  assert.equal((await app.get(practice, 'Observation?_tag=urn:s|y', token)).json.entry, undefined)
})

test('$meta-add of several at once loses none', async () => {
  const codes = ['a', 'b', 'c', 'd']
  const answers = await Promise.all(codes.map((code) => post('Patient/q/$meta-add', { tag: [{ code }] })))
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 200],
  )
  const { meta } = (await app.get(practice, 'Patient/q', token)).json
  assert.deepEqual(meta.tag.map(({ code }: { code: string }) => code).sort(), codes)
  assert.equal(meta.versionId, '5')
})

test('$meta-add keeps to the rights of an update', async () => {
  const meta = { tag: [{ code: 'z' }] }
  const status = async (grant: object, path = 'Observation/o/$meta-add', headers = {}) =>
    (await post(path, meta, await app.token(practice, grant), headers)).status
  assert.equal(await status({ scope: 'system/*.rs' }), 403)
  assert.equal(await status({ scope: 'system/*.cruds' }, 'Observation/none/$meta-add'), 404)
  assert.equal(await status({ scope: 'patient/*.cruds', patients: ['p'] }), 403)
  assert.equal(await status({ scope: 'system/*.cruds' }, 'Observation/o/$meta-add', { 'if-match': 'W/"99"' }), 412)
  const closed = await app.addPractice('closed')
  const answer = await app.request({
    ...{ method: 'POST', url: '/closed/fhir/r4/Patient/p/$meta-add' },
    headers: {
      authorization: `Bearer ${await app.token(closed, { scope: 'system/*.cruds' })}`,
      'content-type': 'application/fhir+json',
    },
    payload: JSON.stringify({ resourceType: 'Parameters', parameter: [{ name: 'meta', valueMeta: meta }] }),
  })
  assert.equal(answer.status, 405)
  assert.equal((await app.get(practice, 'Observation/o/$meta-add', token)).status, 405)
})

test('$meta-add refuses what is no label', async () => {
  const answer = await post('Observation/o/$meta-add', { versionId: '9' })
  assert.equal(answer.status, 400)
  assert.match(answer.json.issue[0].details.text, /versionId is not changed by an operation/)
  assert.equal((await post('Observation/o/$meta-add', { tag: 'x' })).status, 400)
})

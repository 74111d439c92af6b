import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { isId } from '#fhir'
import { testApp } from '../support/test-app.ts'
import { openWriter, patient, sentences } from './writer.ts'

const app = await testApp()
after(() => app[Symbol.asyncDispose]())
const clinic = await openWriter(app)

test('create answers 201 with the resource, its version and its place', async () => {
  const { status, headers, json } = await clinic.send('POST', 'Patient', patient({ active: true }))
  assert.equal(status, 201)
  assert.ok(isId(json.id) && json.id.length >= 22, json.id)
  assert.deepEqual(Object.keys(json), ['resourceType', 'id', 'meta', 'active'])
  assert.equal(headers.etag, 'W/"1"')
  const base = `http://localhost:8080/${clinic.practice.id}/fhir/r4`
  assert.equal(headers.location, `${base}/Patient/${json.id}/_history/1`)
  const seconds = Math.floor(Date.parse(json.meta.lastUpdated) / 1000)
  assert.equal(headers['last-modified'], new Date(seconds * 1000).toUTCString())
  const read = await clinic.send('GET', `Patient/${json.id}`)
  assert.deepEqual([read.status, read.json], [200, json])
})

// biome-ignore format: a table
for (const [prefer, check] of [
  ['return=minimal', ''],
  ['return=representation', '"resourceType":"Patient"'],
  ['handling=strict, return=OperationOutcome', 'was created'],
  ['return=nonsense', '"resourceType":"Patient"'],
] as const) {
  test(`create answers as "Prefer: ${prefer}" asks`, async () => {
    const { status, headers, text } = await clinic.send('POST', 'Patient', patient(), { prefer })
    assert.equal(status, 201)
    assert.ok(headers.location)
    if (check === '') assert.deepEqual([text, headers['content-length'], headers['content-type']], ['', '0', undefined])
    else assert.ok(text.includes(check), text)
  })
}

test('C2: an id in the body is ignored, and the outcome says so', async () => {
  const body = patient({
    id: 'mine',
    meta: { versionId: '7', lastUpdated: '2001-01-01T00:00:00Z', source: 'http://a' },
  })
  const answer = await clinic.send('POST', 'Patient', body, { prefer: 'return=OperationOutcome' })
  assert.equal(answer.status, 201)
  const [created, ignored] = answer.json.issue
  assert.match(created.details.text, /was created/)
  assert.equal(ignored.severity, 'information')
  assert.deepEqual(ignored.expression, ['Patient.id'])
  assert.equal((await clinic.send('GET', 'Patient/mine')).status, 404)
  const [, id] = /Patient\/([^/]+)/.exec(String(answer.headers.location)) ?? []
  const { json } = await clinic.send('GET', `Patient/${id}`)
  assert.deepEqual([json.meta.versionId, json.meta.source], ['1', 'http://a'])
  assert.notEqual(json.meta.lastUpdated, '2001-01-01T00:00:00Z')
})

// biome-ignore format: a table
for (const [what, body, status, sentence] of [
  ['no body', '', 400, /body is empty: a Patient is wanted/],
  ['no JSON', '{', 400, /not JSON/],
  ['an array', '[]', 400, /no JSON object/],
  ['another type', '{"resourceType":"Observation"}', 400, /holds an Observation, and the address is that of Patient/],
  ['no type', '{"active":true}', 400, /names no resource type/],
  ['a member twice', '{"resourceType":"Patient","active":true,"active":false}', 400, /"active" is given twice/],
] as const) {
  test(`create answers ${status} for ${what}`, async () => {
    const answer = await clinic.send('POST', 'Patient', body)
    assert.equal(answer.status, status, answer.text)
    assert.match(sentences(answer)[0] ?? '', sentence)
  })
}

test('create tells each fault of structure in an issue with its place', async () => {
  const answer = await clinic.send('POST', 'Patient', patient({ gender: 'boy', shoe: 1, name: [{ given: 'A' }] }))
  assert.equal(answer.status, 400)
  assert.deepEqual(
    answer.json.issue.map((issue: { code: string; expression: string[] }) => [issue.code, issue.expression[0]]),
    [
      ['code-invalid', 'Patient.gender'],
      ['structure', 'Patient.shoe'],
      ['structure', 'Patient.name[0].given'],
    ],
  )
})

for (const type of ['application/x-www-form-urlencoded', 'application/json-patch+json', 'text/html']) {
  test(`create answers 415 for ${type}`, async () => {
    const { status, json } = await clinic.send('POST', 'Patient', 'a=b', { 'content-type': type })
    assert.deepEqual([status, json.resourceType], [415, 'OperationOutcome'])
  })
}

test('create is refused for a type that is none, and for audit events always', async () => {
  assert.equal((await clinic.send('POST', 'Pacient', patient())).status, 404)
  const event = {
    resourceType: 'AuditEvent',
    type: { code: 'rest' },
    recorded: '2020-01-01T00:00:00Z',
    agent: [{ requestor: true }],
    source: { observer: { display: 'x' } },
  }
  assert.equal((await clinic.send('POST', 'AuditEvent', event)).status, 403)
})

test('S-16: a narrative that acts is refused, whatever else the practice checks', async () => {
  const text = { status: 'generated', div: '<div><a href="\u0001javascript:alert(1)">x</a></div>' }
  const strange = await openWriter(app, { validation: 'off' })
  for (const client of [clinic, strange]) {
    const answer = await client.send('POST', 'Patient', patient({ text }))
    assert.deepEqual([answer.status, answer.json.issue[0].expression], [400, ['Patient.text.div']])
  }
  const sound = { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml"><b>x</b></div>' }
  assert.equal((await clinic.send('POST', 'Patient', patient({ text: sound }))).status, 201)
})

test('what is created keeps every digit and every member in its order, and no line break', async () => {
  const text =
    '{\n  "status": "final", "resourceType": "Observation",\r\n "code": {"text": "caf\\u00e9 \\n \u2028"},\t"valueQuantity": {"value": 1.500, "unit": "m\\/s"}, "component": [{"code": {"text": "e"}, "valueQuantity": {"value": 0.00000000000000000001230}}, {"code":{"text":"f"},"valueQuantity":{"value": -1.0E+2}}] }'
  const answer = await clinic.send('POST', 'Observation', text)
  assert.equal(answer.status, 201, answer.text)
  const stored = (await clinic.send('GET', `Observation/${answer.json.id}`)).text
  const rest = stored.replace(/"id":"[^"]+","meta":\{[^}]+\},/, '')
  assert.equal(rest.replace(/ /g, ''), text.replace(/[\n\r\t ]/g, ''))
})

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { dialectNames } from '#dialects'
import { testApp } from '../support/test-app.ts'
import { observation, openWriter, patient, sentences, writer, writingPractice } from './writer.ts'

const app = await testApp()
after(() => app[Symbol.asyncDispose]())

const jsonPatch = { 'content-type': 'application/json-patch+json' }

interface Capability {
  readonly versioning: string
  readonly updateCreate?: boolean
  readonly conditionalDelete?: string
  readonly interaction: readonly { readonly code: string }[]
}

async function capability(base: string, type = 'Patient'): Promise<Capability> {
  const { json } = await app.request({ method: 'GET', url: `/${base}/fhir/r4/metadata` })
  return json.rest[0].resource.find((resource: { type: string }) => resource.type === type)
}

for (const dialect of dialectNames) {
  test(`writes off: 405 for every write in dialect ${dialect}, and none in the CapabilityStatement`, async () => {
    const practice = await writingPractice(app, { dialect, writes: 'off' })
    await app.load(practice, [patient({ id: 'p1' })])
    const client = await writer(app, practice)
    for (const [method, path, body, headers] of [
      ['POST', 'Patient', patient(), {}],
      ['PUT', 'Patient/p1', patient({ id: 'p1' }), {}],
      ['PUT', 'Patient?_id=p1', patient(), {}],
      ['PATCH', 'Patient/p1', '[]', jsonPatch],
      ['PATCH', 'Patient?_id=p1', '[]', jsonPatch],
      ['DELETE', 'Patient/p1', undefined, {}],
      ['DELETE', 'Patient?_id=p1', undefined, {}],
    ] as const) {
      const answer = await client.send(method, path, body, headers)
      assert.deepEqual([method, answer.status, answer.headers.allow], [method, 405, 'GET, HEAD, OPTIONS'])
      assert.match(sentences(answer)[0] ?? '', /takes no writes/)
    }
    const { versioning, interaction } = await capability(practice.id)
    assert.equal(versioning, 'versioned')
    assert.ok(!interaction.some(({ code }) => ['create', 'update', 'patch', 'delete'].includes(code)))
  })
}

test('the CapabilityStatement says what a practice with writes takes', async () => {
  const practice = await writingPractice(app, { updateCreates: 'off' })
  const found = await capability(practice.id)
  const codes = found.interaction.map(({ code }) => code)
  for (const code of ['create', 'update', 'patch', 'delete']) assert.ok(codes.includes(code), code)
  const { versioning, updateCreate, conditionalDelete } = found
  assert.deepEqual([versioning, updateCreate, conditionalDelete], ['versioned-update', false, 'single'])
  const audit = await capability(practice.id, 'AuditEvent')
  assert.ok(!audit.interaction.some(({ code }) => code === 'create'))
})

test('MOF-3 and MOF-4: an id makes a create 400, and an update names its version', async () => {
  const client = await openWriter(app, { dialect: 'mof' })
  const refused = await client.send('POST', 'Patient', patient({ id: 'm1' }))
  assert.equal(refused.status, 400)
  assert.match(sentences(refused)[0] ?? '', /PUT Patient\/m1/)
  assert.equal((await client.send('POST', 'Patient', patient())).status, 201)
  const put = (headers = {}) => client.send('PUT', 'Patient/m1', patient({ id: 'm1', active: true }), headers)
  const without = await put()
  assert.deepEqual([without.status, without.json.issue[0].code], [400, 'required'])
  assert.equal((await put({ 'if-none-match': '*' })).status, 201)
  assert.equal((await put({ 'if-match': 'W/"1"' })).status, 200)
  assert.equal((await put({ 'if-match': 'W/"7"' })).status, 412)
  const send = (path: string, headers = {}) => client.send('PATCH', path, '[]', { ...jsonPatch, ...headers })
  assert.deepEqual(
    [(await send('Patient/m1')).status, (await send('Patient/m1', { 'if-match': 'W/"1"' })).status],
    [400, 200],
  )
  assert.equal((await client.send('PUT', 'Patient?_id=m1', patient())).status, 400)
  assert.equal((await client.send('DELETE', 'Patient/m1')).status, 204)
})

test('updateCreates off: an update of nothing is 405, and says how to create', async () => {
  const client = await openWriter(app, { updateCreates: 'off' })
  const put = (path: string, headers = {}) => client.send('PUT', path, patient({ id: 'x1' }), headers)
  for (const answer of [
    await put('Patient/x1'),
    await put('Patient?_id=x1'),
    await put('Patient/x1', { 'if-none-match': '*' }),
  ]) {
    assert.equal(answer.status, 405, answer.text)
    assert.match(sentences(answer)[0] ?? '', /POST Patient/)
  }
  assert.equal((await put('Patient/x1', { 'if-match': 'W/"1"' })).status, 412)
  const { json } = await client.send('POST', 'Patient', patient())
  const update = await client.send('PUT', `Patient/${json.id}`, patient({ id: json.id, active: true }))
  assert.equal(update.status, 200)
})

test('references refuse: what is not here is named in a 422', async () => {
  const client = await openWriter(app, { references: 'refuse' })
  const refused = await client.send('POST', 'Observation', observation('nobody'))
  assert.equal(refused.status, 422, refused.text)
  assert.match(sentences(refused)[0] ?? '', /Patient\/nobody/)
  await client.send('PUT', 'Patient/somebody', patient({ id: 'somebody' }))
  assert.equal((await client.send('POST', 'Observation', observation('somebody'))).status, 201)
})

test('references warn: what is not here is taken, and the outcome names it', async () => {
  const client = await openWriter(app, { references: 'warn' })
  const taken = await client.send('POST', 'Observation', observation('nobody'), { prefer: 'return=OperationOutcome' })
  assert.equal(taken.status, 201, taken.text)
  assert.match(sentences(taken).join(), /Patient\/nobody/)
})

test('deleteReferenced refuse: 409 while others refer to it; a Provenance does not count', async () => {
  const client = await openWriter(app, { deleteReferenced: 'refuse', provenance: 'on' })
  await client.send('PUT', 'Patient/r1', patient({ id: 'r1' }))
  const { json } = await client.send('POST', 'Observation', observation('r1'))
  const refused = await client.send('DELETE', 'Patient/r1')
  assert.equal(refused.status, 409, refused.text)
  assert.match(sentences(refused)[0] ?? '', new RegExp(`Observation/${json.id}`))
  assert.equal((await client.send('DELETE', `Observation/${json.id}`)).status, 204)
  assert.equal((await client.send('DELETE', 'Patient/r1')).status, 204)
})

test('validation off: what is no FHIR is stored, as long as it is JSON of its type', async () => {
  const client = await openWriter(app, { validation: 'off' })
  assert.equal((await client.send('POST', 'Patient', patient({ shoe: 42 }))).status, 201)
  assert.equal(
    (await client.send('POST', 'Patient', '{"resourceType":"Patient","active":true,"active":true}')).status,
    400,
  )
})

test('provenance on: every write has one, which names who, what and when', async () => {
  const practice = await writingPractice(app, { provenance: 'on' })
  const client = await writer(app, practice, { scope: 'system/*.cruds' })
  const staff = await writer(app, practice, { scope: 'user/Patient.u', user: 'Practitioner/9', role: 'clinician' })
  await client.send('PUT', 'Patient/v1', patient({ id: 'v1' }))
  await client.send('PUT', 'Patient/v1', patient({ id: 'v1' }))
  await staff.send('PATCH', 'Patient/v1', '[{"op":"add","path":"/active","value":true}]', jsonPatch)
  await client.send('DELETE', 'Patient/v1')
  assert.equal((await staff.send('PATCH', 'Patient/v1', '[]', jsonPatch)).status, 410)
  // what changes nothing has none
  await client.send('DELETE', 'Patient/v1')
  const { json } = await client.send('GET', 'Provenance?target=Patient/v1')
  // biome-ignore lint/suspicious/noExplicitAny: read as JSON
  const found: any[] = json.entry.map(({ resource }: { resource: unknown }) => resource)
  const activities = found.map(({ activity }) => activity.coding[0].code)
  assert.deepEqual(activities.sort(), ['DELETE', 'UPDATE', 'UPDATE'])
  for (const { target, recorded, agent } of found) {
    assert.deepEqual(target, [{ reference: 'Patient/v1' }])
    assert.ok(Date.now() - Date.parse(recorded) < 60_000)
    assert.equal(agent.at(-1).who.identifier.value, 'operator')
  }
  const [byStaff] = found.filter(({ agent }) => agent.length === 2)
  assert.equal(byStaff.agent[0].who.reference, 'Practitioner/9')
})

// biome-ignore format: a table
for (const [type, more] of [
  ['Group',             { member: {} }],
  ['Group',             { member: [null, { entity: { reference: 5 } }, { entity: null }] }],
  ['DocumentReference', { content: {} }],
  ['DocumentReference', { content: [null, { attachment: 5 }, { attachment: { url: 5 } }] }],
  ['DiagnosticReport',  { presentedForm: 5 }],
  ['Media',             { content: null }],
  ['Binary',            { securityContext: { reference: 5 } }],
  ['Observation',       { subject: { reference: { a: 1 } }, component: [null], valueQuantity: { value: 'x' } }],
  ['Patient',           { name: 5, identifier: [null], meta: 'x', link: [null], contained: [5] }],
] as const) {
  test(`without validation a ${type} with ${JSON.stringify(more)} is no fault`, async () => {
    const client = await openWriter(app, { validation: 'off' })
    const { status, text } = await client.send('POST', type, { resourceType: type, ...more })
    assert.ok(status === 201 || status === 400, text)
  })
}

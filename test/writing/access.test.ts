import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { testApp } from '../support/test-app.ts'
import { observation, openWriter, patient, sentences, type Writer, writer, writingPractice } from './writer.ts'

const app = await testApp()
after(() => app[Symbol.asyncDispose]())

const jsonPatch = { 'content-type': 'application/json-patch+json' }
const editing = { scope: 'system/Observation.u' }

/** One of each write, on an Observation of a patient. */
async function writes({ send }: Writer, id: string, patientId: string) {
  const resource = observation(patientId, { note: [{ text: 'x' }] })
  const answers = [
    await send('POST', 'Observation', resource),
    await send('PUT', `Observation/${id}`, { ...resource, id }),
    await send(
      'PATCH',
      `Observation/${id}`,
      '[{"op":"add","path":"/issued","value":"2020-01-01T00:00:00Z"}]',
      jsonPatch,
    ),
    await send('DELETE', `Observation/${id}`),
  ]
  return answers.map(({ status }) => status)
}

const open = await openWriter(app, { patientWrites: 'on' })
for (const id of ['p1', 'p2']) await open.send('PUT', `Patient/${id}`, patient({ id }))

// biome-ignore format: a table
for (const [scope, statuses] of [
  ['system/Observation.rs',      [403, 403, 403, 403]],
  ['system/Observation.c',       [201, 403, 403, 403]],
  ['system/Observation.u',       [403, 200, 200, 403]],
  ['system/Observation.d',       [403, 403, 403, 204]],
  ['system/*.cud',               [201, 200, 200, 204]],
  ['system/Patient.cruds',       [403, 403, 403, 403]],
  ['system/Observation.write',   [201, 200, 200, 204]],
] as const) {
  test(`a token with ${scope} writes what its letters allow`, async () => {
    const id = `s-${scope.replace(/\W/g, '')}`
    await open.send('PUT', `Observation/${id}`, observation('p1', { id }))
    assert.deepEqual(await writes(await writer(app, open.practice, { scope }), id, 'p1'), statuses)
  })
}

test('a refusal names the scope that would allow it; without a token it is 401', async () => {
  const reader = await writer(app, open.practice, { scope: 'system/*.rs' })
  const refused = await reader.send('POST', 'Patient', patient())
  assert.match(sentences(refused)[0] ?? '', /system\/Patient\.c/)
  const stranger = await open.send('POST', 'Patient', patient(), { authorization: '' })
  assert.equal(stranger.status, 401)
})

test('an update by a token with .u alone creates, too, as SMART has it', async () => {
  const client = await writer(app, open.practice, editing)
  const { status } = await client.send('PUT', 'Observation/by-u', observation('p1', { id: 'by-u' }))
  assert.equal(status, 201)
})

const inContext = { scope: 'patient/*.cruds', patients: ['p1'] }

test("patient/ scopes write within the patient's context only, where the practice lets them", async () => {
  for (const [id, of] of [
    ['own', 'p1'],
    ['foreign', 'p2'],
    ['moved', 'p1'],
  ] as const) {
    await open.send('PUT', `Observation/${id}`, observation(of, { id }))
  }
  const app1 = await writer(app, open.practice, inContext)
  assert.deepEqual(await writes(app1, 'own', 'p1'), [201, 200, 200, 204])
  // to write for another patient; to change, patch or delete what is another's
  assert.equal((await app1.send('POST', 'Observation', observation('p2'))).status, 403)
  assert.equal((await app1.send('PUT', 'Observation/foreign', observation('p1', { id: 'foreign' }))).status, 403)
  assert.equal((await app1.send('PATCH', 'Observation/foreign', '[]', jsonPatch)).status, 404)
  assert.equal((await app1.send('DELETE', 'Observation/foreign')).status, 204, 'as if it were not there')
  assert.equal((await app1.send('DELETE', 'Observation/never')).status, 204)
  assert.equal((await open.send('GET', 'Observation/foreign')).headers.etag, 'W/"1"')
  // to give what is one's own to another
  assert.equal((await app1.send('PUT', 'Observation/moved', observation('p2', { id: 'moved' }))).status, 403)
  const patch = '[{"op":"replace","path":"/subject/reference","value":"Patient/p2"}]'
  assert.equal((await app1.send('PATCH', 'Observation/moved', patch, jsonPatch)).status, 403)
  assert.equal((await open.send('GET', 'Observation/moved')).headers.etag, 'W/"1"')
  // what is nobody's own
  assert.equal((await app1.send('POST', 'Organization', { resourceType: 'Organization', name: 'x' })).status, 403)
})

test('criteria match nothing that the caller may not see', async () => {
  const coded = (id: string, of: string) =>
    observation(of, { id, identifier: [{ system: 'http://x', value: 'shared' }] })
  await open.send('PUT', 'Observation/c2', coded('c2', 'p2'))
  const app1 = await writer(app, open.practice, inContext)
  const criteria = 'identifier=http://x|shared'
  assert.equal((await app1.send('DELETE', `Observation?${criteria}`)).status, 204)
  assert.equal((await app1.send('PATCH', `Observation?${criteria}`, '[]', jsonPatch)).status, 404)
  const created = await app1.send('POST', 'Observation', coded('x', 'p1'), { 'if-none-exist': criteria })
  assert.equal(created.status, 201, created.text)
  const updated = await app1.send('PUT', `Observation?${criteria}`, observation('p1'))
  assert.deepEqual([updated.status, updated.json.id], [200, created.json.id])
  assert.equal((await open.send('GET', 'Observation/c2')).headers.etag, 'W/"1"')
})

test('criteria need the right to search', async () => {
  const client = await writer(app, open.practice, { scope: 'system/Patient.cud' })
  for (const answer of [
    await client.send('POST', 'Patient', patient(), { 'if-none-exist': '_id=p1' }),
    await client.send('PUT', 'Patient?_id=p1', patient()),
    await client.send('PATCH', 'Patient?_id=p1', '[]', jsonPatch),
    await client.send('DELETE', 'Patient?_id=p1'),
  ]) {
    assert.equal(answer.status, 403, answer.text)
    assert.match(sentences(answer)[0] ?? '', /system\/Patient\.s/)
  }
})

test('the id that criteria lead to is not told by what stands there unseen', async () => {
  const other = await writer(app, open.practice, { scope: 'patient/*.cruds', patients: ['p2'] })
  const app1 = await writer(app, open.practice, inContext)
  const criteria = { 'if-none-exist': 'identifier=http://x|both' }
  const of = (id: string) => observation(id, { identifier: [{ system: 'http://x', value: 'both' }] })
  const first = await other.send('POST', 'Observation', of('p2'), criteria)
  const second = await app1.send('POST', 'Observation', of('p1'), criteria)
  assert.deepEqual([first.status, second.status], [201, 201])
  assert.notEqual(first.json.id, second.json.id)
})

for (const [what, settings, grant] of [
  ['patient/ scopes', {}, inContext],
  ['a patient in person', {}, { scope: 'user/*.cruds', user: 'Patient/p1', role: 'patient', patients: ['p1'] }],
] as const) {
  test(`${what} write nothing unless the practice says so`, async () => {
    const practice = await writingPractice(app, settings)
    await app.load(practice, [patient({ id: 'p1' }), observation('p1', { id: 'o1' })])
    assert.deepEqual(await writes(await writer(app, practice, grant), 'o1', 'p1'), [403, 403, 403, 403])
  })
}

test('another practice with the same ids stays untouched', async () => {
  const [north, south] = [await openWriter(app), await openWriter(app)]
  for (const client of [north, south]) await client.send('PUT', 'Patient/same', patient({ id: 'same' }))
  await north.send('PUT', 'Patient/same', patient({ id: 'same', active: true }))
  await north.send('DELETE', 'Patient/same')
  assert.equal((await north.send('GET', 'Patient/same')).status, 410)
  const { headers, json } = await south.send('GET', 'Patient/same')
  assert.deepEqual([headers.etag, json.active], ['W/"1"', undefined])
})

test('what is entered in error is marked, and stays for the patient to see and to find', async () => {
  await open.send('PUT', 'Observation/wrong', observation('p1', { id: 'wrong', status: 'entered-in-error' }))
  const app1 = await writer(app, open.practice, { scope: 'patient/*.rs', patients: ['p1'] })
  assert.equal((await app1.send('GET', 'Observation/wrong')).status, 200)
  const { json } = await app1.send('GET', 'Observation?status=entered-in-error')
  assert.equal(json.entry[0].resource.id, 'wrong')
})

test('what a client may not read is to If-Match as if it were not there', async () => {
  await open.send('PUT', 'Observation/unread', observation('p2', { id: 'unread' }))
  const app1 = await writer(app, open.practice, inContext)
  const ifMatch = { 'if-match': 'W/"1"' }
  const transaction = (method: string, id: string, resource?: object) => ({
    ...{ resourceType: 'Bundle', type: 'transaction' },
    entry: [{ ...(resource && { resource }), request: { method, url: `Observation/${id}`, ifMatch: 'W/"1"' } }],
  })
  const answersFor = async (id: string) => {
    const resource = observation('p1', { id })
    const answers = [
      await app1.send('PUT', `Observation/${id}`, resource, ifMatch),
      await app1.send('DELETE', `Observation/${id}`, undefined, ifMatch),
      await app1.send('POST', '', transaction('PUT', id, resource)),
      await app1.send('POST', '', transaction('DELETE', id)),
    ]
    return answers.map((answer) => [answer.status, ...sentences(answer)].join(' ').replaceAll(id, 'ID'))
  }
  const [unread, absent] = [await answersFor('unread'), await answersFor('absent')]
  assert.deepEqual(unread, absent)
  assert.ok(
    absent.every((answer) => answer.startsWith('412')),
    absent.join(),
  )
  assert.equal((await open.send('GET', 'Observation/unread')).headers.etag, 'W/"1"')
})

test('where an update creates nothing, it does not tell of what a client may not read', async () => {
  const practice = await writingPractice(app, { patientWrites: 'on', updateCreates: 'off' })
  await app.load(practice, [patient({ id: 'p1' }), patient({ id: 'p2' }), observation('p2', { id: 'unread' })])
  const app1 = await writer(app, practice, inContext)
  const put = async (id: string) => app1.send('PUT', `Observation/${id}`, observation('p1', { id }))
  const [unread, absent] = [await put('unread'), await put('absent')]
  assert.deepEqual([unread.status, sentences(unread)], [405, sentences(absent)])
})

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { clinic, entry, identified, observation, patient, places, statuses } from './clinic.ts'

const here = await clinic()
after(() => here[Symbol.asyncDispose]())
const { app, post, get, count } = here
const other = await app.addPractice('south', { writes: 'on' })
await app.load(other, [patient({ id: 'theirs', ...identified('theirs') })])
const theirBase = 'http://localhost:8080/south/fhir/r4'

test('a reference to another practice stays as it was written, and is never resolved', async () => {
  const answer = await post('transaction', [
    entry('POST', 'Observation', observation(`${theirBase}/Patient/theirs`)),
    entry('POST', 'Observation', observation(`${theirBase}/Patient?identifier=http://x|theirs`)),
  ])
  assert.deepEqual(statuses(answer), [201, 201])
  const [plain = '', conditional = ''] = places(answer)
  assert.equal((await get(plain)).json.subject.reference, `${theirBase}/Patient/theirs`)
  assert.equal((await get(conditional)).json.subject.reference, `${theirBase}/Patient?identifier=http://x|theirs`)
  assert.equal((await get(`${plain.split('/')[0]}?_include=Observation:subject`)).json.entry.length, 2)
  assert.equal((await get('Observation?subject:Patient.identifier=http://x|theirs')).json.total, 0)
})

test('criteria find nothing of another practice', async () => {
  const before = await count('Observation')
  const criteria = 'identifier=http://x|theirs'
  const refused = await post('transaction', [entry('POST', 'Observation', observation(`Patient?${criteria}`))])
  assert.deepEqual([refused.status, refused.json.issue[0].code], [400, 'not-found'])
  assert.equal(await count('Observation'), before)
  const deleted = await post('transaction', [entry('DELETE', `Patient?${criteria}`)])
  const made = await post('transaction', [entry('POST', 'Patient', patient(), { ifNoneExist: criteria })])
  assert.deepEqual([statuses(deleted), statuses(made)], [[204], [201]])
})

test('entries cannot ask another practice', async () => {
  const entries = [entry('GET', `${theirBase}/Patient/theirs`), entry('DELETE', `${theirBase}/Patient/theirs`)]
  assert.deepEqual(statuses(await post('batch', entries)), [400, 400])
  for (const one of entries) assert.equal((await post('transaction', [one])).status, 400)
  assert.deepEqual(statuses(await post('batch', [entry('GET', '../../../south/fhir/r4/Patient/theirs')])), [404])
  const token = await app.token(other)
  assert.equal((await app.get(other, 'Patient/theirs', token)).status, 200)
})

test('a patient in context writes and finds what is their own only', async () => {
  const east = await app.addPractice('east', { writes: 'on', patientWrites: 'on' })
  await app.load(east, [
    patient({ id: 'me', ...identified('me') }),
    patient({ id: 'you', ...identified('you') }),
    observation('Patient/you', { id: 'yours', ...identified('yours') }),
  ])
  const token = await app.token(east, { scope: 'patient/*.cruds', patients: ['me'] })
  const all = await app.token(east)
  const send = (type: string, entries: object[]) =>
    app.request({
      method: 'POST',
      url: '/east/fhir/r4',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      payload: JSON.stringify({ resourceType: 'Bundle', type, entry: entries }),
    })
  const mine = entry('POST', 'Observation', observation('Patient/me'))
  assert.deepEqual(statuses(await send('transaction', [mine])), [201])
  const observations = async () => (await app.get(east, 'Observation?_summary=count', all)).json.total
  const before = await observations()
  for (const [theirs, status] of [
    [entry('POST', 'Observation', observation('Patient/you')), 403],
    [entry('PUT', 'Observation/yours', observation('Patient/me', { id: 'yours' })), 403],
    [entry('POST', 'Observation', observation('Patient?identifier=http://x|you')), 400],
    [entry('POST', 'Practitioner', { resourceType: 'Practitioner' }), 403],
  ] as const) {
    const answer = await send('transaction', [mine, theirs])
    assert.deepEqual([answer.status, answer.json.issue[0].expression], [status, ['Bundle.entry[1]']], answer.text)
  }
  assert.equal(await observations(), before)
  // what they may not see is as if it were not there, whether it is or not
  const unseen = await send('transaction', [
    entry('DELETE', 'Observation/yours'),
    entry('DELETE', 'Observation/none'),
    entry('DELETE', 'Observation?identifier=http://x|yours'),
    entry('GET', 'Observation/yours'),
    mine,
  ])
  assert.deepEqual(statuses(unseen), [204, 204, 204, 404, 201])
  assert.equal((await app.get(east, 'Observation/yours', all)).status, 200)
})

/** Nobody writes themselves into what they could not read before. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { testApp } from '../support/test-app.ts'
import { openWriter, patient, sentences, writer } from './writer.ts'

const app = await testApp()
after(() => app[Symbol.asyncDispose]())

const open = await openWriter(app, { patientWrites: 'on' })
const file = (id: string, of: string, data = 'aGk=') => ({
  ...{ resourceType: 'Binary', id, contentType: 'text/plain', data },
  securityContext: { reference: `Patient/${of}` },
})
const document = (binary: string, more: object = {}) => ({
  ...{ resourceType: 'DocumentReference', status: 'current', subject: { reference: 'Patient/p1' } },
  content: [{ attachment: { url: binary } }],
  ...more,
})
for (const id of ['p1', 'p2']) {
  await open.send('PUT', `Patient/${id}`, patient({ id }))
  await open.send('PUT', `Binary/of-${id}`, file(`of-${id}`, id))
}
const app1 = await writer(app, open.practice, { scope: 'patient/*.cruds', patients: ['p1'] })
const blind = await writer(app, open.practice, { scope: 'patient/DocumentReference.cruds', patients: ['p1'] })

test('a document opens no Binary of another patient, whether it is stored or not', async () => {
  const base = `http://localhost:8080/${open.practice.id}/fhir/r4`
  for (const client of [app1, blind]) {
    for (const url of ['Binary/of-p2', `${base}/Binary/of-p2`, 'Binary/later', 'Binary/of-p2/_history/1']) {
      const refused = await client.send('POST', 'DocumentReference', document(url))
      assert.equal(refused.status, 403, refused.text)
      assert.match(sentences(refused)[0] ?? '', /an attachment names a Binary/)
    }
  }
  const media = { resourceType: 'Media', status: 'completed', subject: { reference: 'Patient/p1' } }
  assert.equal((await app1.send('POST', 'Media', { ...media, content: { url: 'Binary/of-p2' } })).status, 403)
  assert.equal((await app1.send('GET', 'Binary/of-p2')).status, 404)
  assert.equal((await app1.send('PUT', 'Binary/of-p2', file('of-p2', 'p1'))).status, 403)
})

test("a patch and a transaction open none either, and one's own may be named", async () => {
  const { json } = await app1.send('POST', 'DocumentReference', document('Binary/of-p1'))
  assert.equal(json.resourceType, 'DocumentReference')
  const patch = JSON.stringify([{ op: 'replace', path: '/content/0/attachment/url', value: 'Binary/of-p2' }])
  const type = { 'content-type': 'application/json-patch+json' }
  assert.equal((await app1.send('PATCH', `DocumentReference/${json.id}`, patch, type)).status, 403)
  const posted = (resource: object) => ({ resource, request: { method: 'POST', url: 'DocumentReference' } })
  const bundle = (...entry: object[]) => ({ resourceType: 'Bundle', type: 'transaction', entry })
  assert.equal((await app1.send('POST', '', bundle(posted(document('Binary/of-p2'))))).status, 403)
  const url = 'urn:uuid:5f1b8a3e-0000-4000-8000-000000000001'
  const brought = {
    fullUrl: url,
    resource: { resourceType: 'Binary', contentType: 'text/plain', data: 'aGk=' },
    request: { method: 'POST', url: 'Binary' },
  }
  const together = await app1.send('POST', '', bundle(brought, posted(document(url))))
  assert.equal(together.status, 200, together.text)
  // what a document names already it may name on, by one too who cannot read a Binary
  const kept = await blind.send('PUT', `DocumentReference/${json.id}`, { ...json, status: 'superseded' })
  assert.equal(kept.status, 200, kept.text)
})

const visit = (of: string, more: object = {}) => ({
  ...{ resourceType: 'Encounter', status: 'finished', class: { code: 'AMB' } },
  subject: { reference: `Patient/${of}` },
  participant: [{ individual: { reference: 'Practitioner/d' } }],
  ...more,
})

test('a clinician who sees assigned patients makes no other patient theirs', async () => {
  const clinic = await openWriter(app, { visibility: 'assigned' })
  for (const id of ['p1', 'p2']) await clinic.send('PUT', `Patient/${id}`, patient({ id }))
  await clinic.send('PUT', 'Encounter/e1', visit('p1', { id: 'e1' }))
  const d = await writer(app, clinic.practice, { scope: 'user/*.cruds', user: 'Practitioner/d', role: 'clinician' })
  assert.equal((await d.send('POST', 'Encounter', visit('p2'))).status, 403)
  assert.equal((await d.send('PUT', 'Encounter/mine', visit('p2', { id: 'mine' }))).status, 403)
  assert.equal((await d.send('PUT', 'Encounter/e1', visit('p2', { id: 'e1' }))).status, 403)
  const team = { resourceType: 'CareTeam', subject: { reference: 'Patient/p2' } }
  const member = { participant: [{ member: { reference: 'Practitioner/d' } }] }
  assert.equal((await d.send('POST', 'CareTeam', { ...team, ...member })).status, 403)
  assert.equal((await d.send('GET', 'Patient/p2')).status, 404)
  // of those who are theirs they write, the visit that makes them so included
  assert.equal((await d.send('POST', 'Encounter', visit('p1'))).status, 201)
  assert.equal((await d.send('PUT', 'Encounter/e1', visit('p1', { id: 'e1', status: 'cancelled' }))).status, 200)
  assert.equal((await d.send('POST', 'Organization', { resourceType: 'Organization', name: 'x' })).status, 201)
})

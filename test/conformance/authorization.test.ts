/** What SMART App Launch 2.2.0 and US Core ask of authorization and no test of a kit shows: docs/conformance/authorization.md. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { operatorLaunch } from '#smart'
import { smartPartsOf } from '../../src/app.ts'
import { Browser } from '../authorize/browser.ts'
import {
  answerOf,
  appAt,
  authorizeUrl,
  type Clinic,
  clinicAt,
  codeFor,
  exchange,
  request,
} from '../authorize/clinic.ts'
import { askToken, backendAt, register, type TestClient } from '../smart/apps.ts'
import { type TestApp, testApp } from '../support/test-app.ts'

/** The types that US Core names for `.rs` scopes, at each level. */
const namedTypes =
  `AllergyIntolerance CarePlan CareTeam Condition Coverage Device DiagnosticReport DocumentReference Encounter
  Goal Immunization MedicationDispense MedicationRequest Observation Organization Patient Practitioner PractitionerRole Procedure
  Provenance QuestionnaireResponse RelatedPerson ServiceRequest Specimen`.split(/\s+/)

let app: TestApp
let clinic: Clinic
let client: TestClient

before(async () => {
  app = await testApp()
  clinic = await clinicAt(app, 'north')
  await app.load(clinic.practice, [
    { resourceType: 'Patient', id: 'p1', link: [{ other: { reference: 'Patient/p2' }, type: 'seealso' }] },
    { resourceType: 'Patient', id: 'p2', link: [{ other: { reference: 'Patient/p1' }, type: 'seealso' }] },
  ])
  client = await appAt(clinic)
})
after(() => app[Symbol.asyncDispose]())

const discovery = async () => (await app.get(clinic.practice, '.well-known/smart-configuration')).json
const read = async (path: string, token: string) => (await app.get(clinic.practice, path, token)).status

for (const level of ['patient', 'user', 'system'] as const) {
  test(`at the level ${level} each type that US Core names is granted with .rs, and answers`, async () => {
    const scopes = namedTypes.map((type) => `${level}/${type}.rs`)
    const asked = scopes.join(' ')
    const { json } =
      level === 'system'
        ? await askToken(app, await backendAt(app, clinic.practice), { scope: asked })
        : await exchange(clinic, client, await codeFor(clinic, client, { scope: asked }))
    assert.deepEqual(json.scope.split(' ').sort(), scopes.toSorted())
    for (const type of namedTypes) assert.equal(await read(`${type}?_count=1`, json.access_token), 200, type)
  })
}

test('a star is for every type that the practice offers', async () => {
  const { json } = await askToken(app, await backendAt(app, clinic.practice), { scope: 'system/*.rs' })
  const [rest] = (await app.get(clinic.practice, 'metadata')).json.rest
  const types: string[] = rest.resource.map(({ type }: { type: string }) => type)
  assert.ok(types.length > 100)
  for (const type of types.filter((one) => one !== 'AuditEvent')) {
    assert.equal(await read(`${type}?_count=0`, json.access_token), 200, type)
  }
})

test('two Patients that are linked stay two, as the documentation says', async () => {
  const { json } = await exchange(clinic, client, await codeFor(clinic, client))
  assert.deepEqual(await Promise.all(['p1', 'p2'].map((id) => read(`Patient/${id}`, json.access_token))), [200, 404])
  assert.equal(await read('Observation/lab2', json.access_token), 404)
  const told = readFileSync(new URL('../../docs/launching.md', import.meta.url), 'utf8')
  assert.match(told, /Patient\.link` are two patients: a token for one does not open the other/)
})

test('every address in discovery is absolute, and answers', async () => {
  const openid = (await app.request({ method: 'GET', url: '/north/.well-known/openid-configuration' })).json
  for (const document of [await discovery(), openid]) {
    const addresses = Object.entries(document).filter(([name]) => /_endpoint$|_uri$|_bundle$|^issuer$/.test(name))
    assert.ok(addresses.length >= 6)
    for (const [name, address] of addresses) {
      assert.match(String(address), /^http:\/\/localhost:8080\/north/, name)
      if (name === 'issuer') continue
      const { pathname } = new URL(String(address))
      const answers = [
        await app.request({ method: 'GET', url: pathname }),
        await app.request({ method: 'POST', url: pathname }),
      ]
      assert.ok(
        answers.some(({ status }) => status !== 404 && status !== 405),
        name,
      )
    }
  }
})

// biome-ignore format: a table
for (const [set, capabilities] of [
  ['patient access, standalone', 'launch-standalone context-standalone-patient permission-patient'],
  ['patient access, from a portal', 'launch-ehr context-ehr-patient permission-patient'],
  ['clinician access, standalone', 'launch-standalone permission-user permission-patient'],
  ['clinician access, from the EHR', 'launch-ehr context-ehr-patient context-ehr-encounter permission-user permission-patient'],
] as const) {
  test(`the capability set for ${set} is whole`, async () => {
    const listed = (await discovery()).capabilities
    for (const one of `${capabilities} client-public client-confidential-symmetric`.split(' ')) assert.ok(listed.includes(one), one)
  })
}

test('a patient launches an app from a portal, and it has a token of their record', async () => {
  const practice = await app.installation.directory.named('north')
  assert.ok(practice)
  const parts = smartPartsOf(app.installation, () => undefined)
  const { launch } = await operatorLaunch(parts, practice, { app: client.client, user: 'ann', patient: 'p1' })
  const browser = new Browser(app.server)
  const scope = 'launch openid fhirUser patient/Patient.rs'
  const page = await browser.open(authorizeUrl(clinic, request(clinic, client, { scope, launch })))
  const answer = answerOf(await browser.submit(page, 'consent', [['decision', 'allow']]))
  const { json } = await exchange(clinic, client, answer.get('code') ?? '')
  assert.deepEqual([json.patient, json.scope], ['p1', scope])
  assert.deepEqual(
    [await read('Patient/p1', json.access_token), await read('Patient/p2', json.access_token)],
    [200, 404],
  )
})

test('a clinician without a launch: user/ scopes reach what they may see, patient/ scopes the one whom they chose', async () => {
  const wide = await exchange(
    clinic,
    client,
    await codeFor(clinic, client, { username: 'dr', scope: 'user/Patient.rs' }),
  )
  assert.deepEqual(
    await Promise.all(['p1', 'p2'].map((id) => read(`Patient/${id}`, wide.json.access_token))),
    [200, 200],
  )
  const browser = new Browser(app.server)
  const scope = 'launch/patient patient/Patient.rs'
  const page = await browser.open(authorizeUrl(clinic, request(clinic, client, { scope })))
  const picker = await browser.submit(page, 'sign-in', [
    ['username', 'dr'],
    ['password', 'correct horse battery'],
  ])
  const found = await browser.submit(picker, 'search-patient', [['name', 'clark']])
  const chosen = await browser.submit(found, 'choose-patient', [['patient', 'p3']])
  const answer = answerOf(await browser.submit(chosen, 'consent', [['decision', 'allow']]))
  const { json } = await exchange(clinic, client, answer.get('code') ?? '')
  assert.equal(json.patient, 'p3')
  assert.deepEqual(await Promise.all(['p3', 'p1'].map((id) => read(`Patient/${id}`, json.access_token))), [200, 404])
})

test('scopes of version 1 open what they say: .read no writing, .write no reading', async () => {
  const writing = await clinicAt(app, 'writing', { writes: 'on' })
  const backend = await backendAt(app, writing.practice, 'system/*.cruds')
  const condition = JSON.stringify({ resourceType: 'Basic', code: { text: 'x' } })
  for (const [scope, reads, writes] of [
    ['system/Basic.read', 200, 403],
    ['system/Basic.write', 403, 201],
    ['system/Basic.*', 200, 201],
  ] as const) {
    const { json } = await askToken(app, backend, { scope })
    assert.equal(json.scope, scope)
    const headers = { authorization: `Bearer ${json.access_token}`, 'content-type': 'application/fhir+json' }
    const given = await app.request({ method: 'POST', url: '/writing/fhir/r4/Basic', headers, payload: condition })
    const seen = await app.get(writing.practice, 'Basic', json.access_token)
    assert.deepEqual([seen.status, given.status], [reads, writes], scope)
  }
})

test('what an app registers it is called by: a client_id, which is new each time and fit for an address', async () => {
  const registration = { type: 'public', scopes: 'patient/*.rs', redirectUris: ['https://app.example/cb'] } as const
  const ids = [await register(app, clinic.practice, registration), await register(app, clinic.practice, registration)]
  assert.notEqual(ids[0]?.client, ids[1]?.client)
  for (const { client: id } of ids) assert.match(id, /^[\w-]{16,}$/)
})

test('discovery names the brand by one identifier, which one Organization of the brands has; all are of this server', async () => {
  const { user_access_brand_bundle: url, user_access_brand_identifier: identifier } = await discovery()
  assert.ok(identifier.system && identifier.value)
  const bundle = (await app.request({ method: 'GET', url: new URL(url).pathname })).json
  type Entry = { resource: { resourceType: string; identifier?: object[]; address?: string } }
  const named = bundle.entry.filter(({ resource }: Entry) =>
    resource.identifier?.some((one) => JSON.stringify(one) === JSON.stringify(identifier)),
  )
  assert.deepEqual(
    named.map(({ resource }: Entry) => resource.resourceType),
    ['Organization'],
  )
  for (const { resource } of bundle.entry as Entry[]) {
    if (resource.resourceType === 'Endpoint') assert.ok(resource.address?.startsWith('http://localhost:8080/north/'))
  }
})

test('brands tell when they changed last, and leave out what the practice does not say', async () => {
  const get = async () => (await app.request({ method: 'GET', url: '/north/brands' })).json
  const [first, second] = [await get(), await get()]
  assert.equal(first.timestamp, second.timestamp, 'a request changes nothing')
  assert.equal(first.meta.lastUpdated, first.timestamp)
  assert.ok(Date.parse(first.timestamp) <= Date.now())
  assert.ok(!JSON.stringify(first).includes('data-absent-reason'))
})

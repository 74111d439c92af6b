/** Patients use the apps of their choice: no practice has to permit those (specs/model.md 1, R22). */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { addApp, addSecret, findPermission, type Registration, readRegistration } from '#platform'
import { permitAppAt, switchAppAt } from '#smart'
import { acting, type TestClient } from '../smart/apps.ts'
import { keptMs, moveClock } from '../support/clock.ts'
import { type TestApp, testApp } from '../support/test-app.ts'
import { Browser, textOf } from './browser.ts'
import {
  allow,
  answerOf,
  authorizeUrl,
  type Clinic,
  clinicAt,
  codeFor,
  credentials,
  exchange,
  password,
  redirectUri,
  refresh,
  request,
  usual,
} from './clinic.ts'

let app: TestApp
let clinic: Clinic

before(async () => {
  app = await testApp()
  clinic = await clinicAt(app, 'north')
})
after(() => app[Symbol.asyncDispose]())

/** Known to the platform; no practice has said anything of it. */
async function published(registration: Partial<Registration> = {}): Promise<TestClient> {
  const { db } = app.installation
  const scopes = 'openid fhirUser launch/patient offline_access patient/*.rs'
  const all = { name: 'Chosen', type: 'symmetric', redirectUris: [redirectUri], scopes, ...registration }
  const added = await addApp(db, readRegistration(all, { isDevelopment: false }), 'approved')
  return { ...added, secret: await addSecret(db, added.client, 0) }
}

const open = (client: TestClient) => new Browser(app.server).open(authorizeUrl(clinic, request(clinic, client)))

test('a patient uses an app of which the practice has said nothing: sign-in, token, data, refresh, introspection', async () => {
  const client = await published()
  const { json } = await exchange(clinic, client, await codeFor(clinic, client))
  assert.equal(json.scope, usual)
  assert.equal((await app.get(clinic.practice, 'Patient/p1', json.access_token)).status, 200)
  assert.equal((await app.get(clinic.practice, 'Patient/p2', json.access_token)).status, 404)
  const renewed = await refresh(clinic, client, json.refresh_token)
  assert.equal((await app.get(clinic.practice, 'Observation/lab1', renewed.json.access_token)).status, 200)
  const told = await app.request({
    ...{ method: 'POST', url: '/north/auth/introspect', payload: `token=${renewed.json.access_token}` },
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...credentials(client) },
  })
  assert.equal(told.json.active, true)
})

test('staff need the practice’s switch for it, and so does every other app', async () => {
  const client = await published()
  const browser = new Browser(app.server)
  const page = await browser.open(authorizeUrl(clinic, request(clinic, client)))
  const closed = await browser.submit(page, 'sign-in', [
    ['username', 'dr'],
    ['password', password],
  ])
  assert.equal(closed.status, 403)
  assert.match(textOf(closed.body), /You cannot use this app.*has not approved this app for its staff/)
  const answer = answerOf(await browser.submit(closed, 'leave'))
  assert.equal(answer.get('error'), 'access_denied')
  assert.match(answer.get('error_description') ?? '', /has not approved this app for its staff.*permit client_id/)
  for (const registration of [
    { use: 'provider' },
    { scopes: 'user/*.rs' },
    { scopes: 'launch patient/*.rs' },
    { launchUris: ['https://app.example/launch'] },
  ]) {
    const closed = await open(await published(registration))
    assert.equal(closed.status, 403, JSON.stringify(registration))
    assert.match(textOf(closed.body), /has not approved this app/)
  }
})

test('staff for whom an app is closed may sign in as somebody else, and are asked nothing with prompt=none', async () => {
  const client = await published()
  const browser = new Browser(app.server)
  const signInAs = async (username: string, page: Awaited<ReturnType<typeof open>>) =>
    browser.submit(page, 'sign-in', [
      ['username', username],
      ['password', password],
    ])
  const closed = await signInAs('dr', await browser.open(authorizeUrl(clinic, request(clinic, client))))
  const silent = answerOf(await browser.open(authorizeUrl(clinic, request(clinic, client, { prompt: 'none' }))))
  assert.equal(silent.get('error'), 'access_denied')
  const consent = await signInAs('ann', await browser.submit(closed, 'switch-person'))
  assert.equal(consent.status, 200)
  assert.match(textOf(consent.body), /Signed in as Ann/)
})

test('what an app of both kinds may for patients is no permission for staff, launches or the system', async () => {
  const client = await published({ use: 'both', trustedLaunch: true, scopes: 'patient/*.rs user/*.rs' })
  const made = await app.request({
    ...{ method: 'POST', url: '/north/auth/launch', payload: `app=${client.client}&user=ann` },
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...credentials(client) },
  })
  assert.equal(made.json.error, 'unauthorized_client')
  const { json } = await exchange(clinic, client, await codeFor(clinic, client, { scope: 'patient/Patient.rs' }))
  const { db } = app.installation
  await db.script(
    `update as_access set context = jsonb_set(context, '{role}', '"clinician"') where client = '${client.client}'`,
  )
  assert.equal((await app.get(clinic.practice, 'Patient/p1', json.access_token)).status, 403)
})

test('a practice suspends it with a reason only; what it held ends, and nothing comes back when it is on again', async () => {
  const client = await published()
  const { json } = await exchange(clinic, client, await codeFor(clinic, client))
  const change = (state: 'disabled' | 'suspended' | 'enabled', reason?: string) =>
    switchAppAt(acting(app), clinic.practice, { client: client.client, state, reason })
  for (const [state, reason] of [['disabled'], ['suspended'], ['suspended', '']] as const) {
    await assert.rejects(() => change(state, reason), /is for patients.*has to state the reason/)
  }
  assert.equal((await app.get(clinic.practice, 'Patient/p1', json.access_token)).status, 200)
  assert.equal(await change('suspended', 'it sells records'), 1)
  assert.equal((await app.get(clinic.practice, 'Patient/p1', json.access_token)).status, 401)
  assert.equal((await refresh(clinic, client, json.refresh_token)).status, 400)
  moveClock(keptMs)
  const closed = await open(client)
  assert.equal(closed.status, 403)
  assert.match(textOf(closed.body), /Clinic north has suspended this app: it sells records/)
  await change('enabled')
  assert.equal(await findPermission(app.installation.db, clinic.practice.number, client.client), undefined)
  moveClock(keptMs)
  assert.equal((await refresh(clinic, client, json.refresh_token)).json.error, 'invalid_grant')
  assert.ok(await codeFor(clinic, client))
})

test('a practice that switches an app of both kinds off ends what its staff gave, not what patients did', async () => {
  const client = await published({ use: 'both', scopes: 'openid fhirUser launch/patient patient/*.rs user/*.rs' })
  const { client: id } = client
  const permission = { client: id, scopes: 'user/*.rs', types: undefined, groups: undefined }
  await permitAppAt(acting(app), clinic.practice, permission)
  const scope = 'openid user/Patient.rs'
  const ofStaff = (await exchange(clinic, client, await codeFor(clinic, client, { username: 'dr', scope }))).json
  const ofPatient = (await exchange(clinic, client, await codeFor(clinic, client, { scope: 'patient/Patient.rs' })))
    .json
  const read = async (token: string) => (await app.get(clinic.practice, 'Patient/p1', token)).status
  assert.deepEqual([await read(ofStaff.access_token), await read(ofPatient.access_token)], [200, 200])
  assert.equal(await switchAppAt(acting(app), clinic.practice, { client: id, state: 'disabled' }), 1)
  assert.deepEqual([await read(ofStaff.access_token), await read(ofPatient.access_token)], [401, 200])
})

test('an app that is registered for one practice is for the patients of that one', async () => {
  const south = await clinicAt(app, 'south')
  const client = await published({ onlyPractice: south.practice.number })
  assert.equal((await open(client)).status, 403)
  const browser = new Browser(app.server)
  const page = await browser.open(authorizeUrl(south, request(south, client)))
  assert.ok((await allow(browser, page, 'ann')).get('code'))
})

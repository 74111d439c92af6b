/** Refresh tokens: each is spent once (specs/smart.md 5.5, S-23). */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setUserDisabled } from '#platform'
import type { TestClient } from '../smart/apps.ts'
import { type TestApp, testApp } from '../support/test-app.ts'
import { Browser, formsIn } from './browser.ts'
import {
  allow,
  appAt,
  authorizeUrl,
  type Clinic,
  clinicAt,
  codeFor,
  credentials,
  exchange,
  refresh,
  request,
  usual,
} from './clinic.ts'

let app: TestApp
let clinic: Clinic
let confidential: TestClient
let open: TestClient

before(async () => {
  app = await testApp()
  clinic = await clinicAt(app, 'north')
  confidential = await appAt(clinic)
  open = await appAt(clinic, { type: 'public' })
})
after(() => app[Symbol.asyncDispose]())

async function tokens(client: TestClient, changes: Readonly<Record<string, string>> = {}) {
  return (await exchange(clinic, client, await codeFor(clinic, client, changes))).json
}

const reads = async (token: string) => (await app.get(clinic.practice, 'Patient/p1', token)).status

test('a refresh gives another pair with the same scope and context', async () => {
  const first = await tokens(confidential)
  const answer = await refresh(clinic, confidential, first.refresh_token)
  assert.equal(answer.status, 200, answer.text)
  assert.equal(answer.headers.pragma, 'no-cache')
  const { access_token, refresh_token, scope, patient, expires_in, token_type } = answer.json
  assert.deepEqual([scope, patient, expires_in, token_type], [usual, 'p1', 900, 'Bearer'])
  assert.notEqual(refresh_token, first.refresh_token)
  assert.equal(await reads(access_token), 200)
  assert.equal(await reads(first.access_token), 200, 'the first one lives out its time')
})

test('a public app need not say who it is (P8)', async () => {
  const { refresh_token } = await tokens(open)
  const answer = await refresh(clinic, open, refresh_token, { client_id: undefined })
  assert.equal(answer.status, 200, answer.text)
  assert.equal((await refresh(clinic, open, 'unknown', { client_id: undefined })).status, 401)
})

test('a confidential app has to prove who it is', async () => {
  const { refresh_token } = await tokens(confidential)
  const { secret: _, ...without } = confidential
  assert.equal((await refresh(clinic, without, refresh_token)).status, 401)
  assert.equal((await refresh(clinic, without, refresh_token, { client_id: undefined })).status, 401)
  assert.equal((await refresh(clinic, confidential, refresh_token)).status, 200)
})

test('a refresh token is its app’s alone', async () => {
  const { refresh_token } = await tokens(confidential)
  const other = await appAt(clinic)
  const refused = await refresh(clinic, other, refresh_token)
  assert.equal(refused.status, 400)
  assert.equal(refused.json.error, 'invalid_grant')
  assert.equal((await refresh(clinic, confidential, refresh_token)).status, 200, 'and another app cannot spoil it')
})

test('a token that was used before ends all of a public app’s grant', async () => {
  const first = await tokens(open)
  const second = (await refresh(clinic, open, first.refresh_token)).json
  assert.equal((await refresh(clinic, open, first.refresh_token)).json.error, 'invalid_grant')
  assert.equal((await refresh(clinic, open, second.refresh_token)).json.error, 'invalid_grant')
  assert.equal(await reads(first.access_token), 401)
  assert.equal(await reads(second.access_token), 401)
})

test('a confidential app may come once more within the grace, as its answer may be lost', async () => {
  const first = await tokens(confidential)
  const lost = (await refresh(clinic, confidential, first.refresh_token)).json
  const again = await refresh(clinic, confidential, first.refresh_token)
  assert.equal(again.status, 200)
  assert.equal((await refresh(clinic, confidential, first.refresh_token)).json.error, 'invalid_grant')
  assert.equal(await reads(lost.access_token), 200, 'the grant lives')
  assert.equal((await refresh(clinic, confidential, again.json.refresh_token)).status, 200)
})

test('not after its successor was used', async () => {
  const first = await tokens(confidential)
  const second = (await refresh(clinic, confidential, first.refresh_token)).json
  assert.equal((await refresh(clinic, confidential, second.refresh_token)).status, 200)
  assert.equal((await refresh(clinic, confidential, first.refresh_token)).json.error, 'invalid_grant')
})

test('after the grace it ends the grant', async () => {
  const first = await tokens(confidential)
  const second = (await refresh(clinic, confidential, first.refresh_token)).json
  await app.installation.db.script(`update as_refresh set used_at = used_at - interval '11 seconds'`)
  assert.match((await refresh(clinic, confidential, first.refresh_token)).json.error_description, /somebody else/)
  assert.equal(await reads(second.access_token), 401)
  assert.equal((await refresh(clinic, confidential, second.refresh_token)).json.error, 'invalid_grant')
})

test('a refresh may ask for less, finer too, and the next one for all again', async () => {
  const first = await tokens(confidential)
  const scope = 'patient/Observation.rs?category=laboratory patient/Patient.r'
  const less = (await refresh(clinic, confidential, first.refresh_token, { scope })).json
  assert.equal(less.scope, scope)
  assert.equal((await app.get(clinic.practice, 'Observation/vital1', less.access_token)).status, 404)
  assert.equal((await app.get(clinic.practice, 'Observation/lab1', less.access_token)).status, 200)
  assert.equal((await refresh(clinic, confidential, less.refresh_token)).json.scope, usual)
})

for (const scope of ['patient/Patient.cruds', 'patient/*.rs', 'user/Patient.rs', 'launch', 'x']) {
  test(`a refresh that asks for ${scope} is invalid_scope, and spends nothing`, async () => {
    const { refresh_token } = await tokens(confidential)
    const refused = await refresh(clinic, confidential, refresh_token, { scope })
    assert.equal(refused.status, 400)
    assert.equal(refused.json.error, 'invalid_scope')
    assert.equal((await refresh(clinic, confidential, refresh_token)).status, 200)
  })
}

test('a refresh token that is none is 400', async () => {
  assert.equal((await refresh(clinic, confidential, 'random')).status, 400)
  assert.equal((await refresh(clinic, confidential, '')).status, 400)
})

test('a refresh token lives half a year, renewed by each use', async () => {
  const { refresh_token } = await tokens(confidential)
  const pass = (days: number) => app.installation.db.script(`update as_refresh set exp = exp - interval '${days} days'`)
  await pass(179)
  const next = await refresh(clinic, confidential, refresh_token)
  assert.equal(next.status, 200)
  await pass(179)
  const last = await refresh(clinic, confidential, next.json.refresh_token)
  assert.equal(last.status, 200)
  await pass(181)
  assert.equal((await refresh(clinic, confidential, last.json.refresh_token)).json.error, 'invalid_grant')
})

test('a refresh token ends with the day that the person chose', async () => {
  const { refresh_token } = await tokens(confidential)
  await app.installation.db.script(`update as_grant set refresh_until = now() + interval '1 hour'`)
  const next = (await refresh(clinic, confidential, refresh_token)).json
  await app.installation.db.script(`update as_refresh set exp = exp - interval '61 minutes'`)
  assert.equal((await refresh(clinic, confidential, next.refresh_token)).json.error, 'invalid_grant')
})

test('whose account is closed has no apps any more', async () => {
  const first = await tokens(confidential, { username: 'guardian', scope: 'user/Patient.rs offline_access' })
  const place = { username: 'guardian', isDisabled: true }
  await setUserDisabled(app.installation.db, clinic.practice.number, place)
  try {
    assert.equal((await refresh(clinic, confidential, first.refresh_token)).json.error, 'invalid_grant')
    assert.equal((await app.get(clinic.practice, 'Patient/p2', first.access_token)).status, 401)
  } finally {
    await setUserDisabled(app.installation.db, clinic.practice.number, { ...place, isDisabled: false })
  }
})

test('a link that ends takes the patient away at the next refresh', async () => {
  const first = await tokens(confidential, { username: 'guardian', scope: 'user/Patient.rs offline_access' })
  await app.installation.db.script(`update user_patient set until = current_date - 1 where patient = 'p3'`)
  const { access_token } = (await refresh(clinic, confidential, first.refresh_token)).json
  assert.equal((await app.get(clinic.practice, 'Patient/p2', access_token)).status, 200)
  assert.equal((await app.get(clinic.practice, 'Patient/p3', access_token)).status, 404)
  await app.installation.db.script(`update user_patient set until = null`)
})

test('online access ends with the sign-in', async () => {
  const browser = new Browser(app.server)
  const page = await browser.open(
    authorizeUrl(clinic, request(clinic, confidential, { scope: 'online_access patient/Patient.rs' })),
  )
  const code = (await allow(browser, page, 'ann')).get('code') ?? ''
  const { access_token, refresh_token, scope } = (await exchange(clinic, confidential, code)).json
  assert.equal(scope, 'online_access patient/Patient.rs')
  const { json: next } = await refresh(clinic, confidential, refresh_token)
  assert.equal(await reads(next.access_token), 200)
  const signOut = await browser.open(`${clinic.root}/auth/sign-out`)
  const form = formsIn(signOut.body)[0]
  if (form) await browser.post(form.action, form.fields)
  assert.equal(await reads(next.access_token), 401)
  assert.equal(await reads(access_token), 401)
  assert.equal((await refresh(clinic, confidential, next.refresh_token)).json.error, 'invalid_grant')
})

test('an app gives a token back: an access token alone, a refresh token with all that it could renew (P17)', async () => {
  const revoke = (token: string, client = confidential) =>
    app.request({
      method: 'POST',
      url: '/north/auth/revoke',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...credentials(client) },
      payload: new URLSearchParams({ token }).toString(),
    })
  const first = await tokens(confidential)
  assert.equal((await revoke(first.access_token)).status, 200)
  assert.equal(await reads(first.access_token), 401)
  const second = (await refresh(clinic, confidential, first.refresh_token)).json
  assert.equal((await revoke(second.refresh_token, await appAt(clinic))).status, 200)
  assert.equal(await reads(second.access_token), 200, 'another app has no say')
  assert.equal((await revoke(second.refresh_token)).status, 200)
  assert.equal(await reads(second.access_token), 401)
  assert.equal((await refresh(clinic, confidential, second.refresh_token)).json.error, 'invalid_grant')
})

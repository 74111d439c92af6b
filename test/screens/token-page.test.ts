/** INT-3: a person makes a token by hand. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { addUser, permissionsAt, setPermissionState } from '#platform'
import { testApp } from '../support/test-app.ts'
import { type Browser, browser, type Shown } from './browser.ts'
import { type Element, filled, formWith, named, textOf } from './markup.ts'

const app = await testApp()
after(() => app[Symbol.asyncDispose]())
const { db } = app.installation
const west = await app.addPractice('west', { name: 'West Clinic', dialect: 'integra' })
const north = await app.addPractice('north')
const password = 'a long password'
await app.load(west, [
  { resourceType: 'Practitioner', id: 'd1' },
  { resourceType: 'Patient', id: 'p1' },
  { resourceType: 'Patient', id: 'p2' },
])
const self = { patient: 'p1', kind: 'self' } as const
await addUser(
  db,
  west.number,
  { username: 'ada', name: 'Ada', role: 'clinician', fhirUser: 'Practitioner/d1', links: [] },
  { password },
)
await addUser(
  db,
  west.number,
  { username: 'pat', name: 'Pat', role: 'patient', fhirUser: 'Patient/p1', links: [self] },
  { password },
)

const address = '/west/integra/Oauth2/oauth2Login'

async function signedIn(username: string): Promise<readonly [Browser, Shown]> {
  const one = browser(app)
  const sent = await one.get(`${address}?provider=idx`)
  assert.equal(sent.status, 303)
  const { page } = await one.get(sent.location ?? '')
  const back = await one.post('/west/auth/sign-in', filled(formWith(page, 'username'), { username, password }))
  assert.equal(back.location, `http://localhost:8080${address}`)
  return [one, await one.get(address)]
}

function codeOf(page: Element): string {
  return new URLSearchParams(filled(formWith(page, 'code'))).get('code') ?? ''
}

function answerOf(page: Element): Record<string, unknown> {
  return JSON.parse(textOf(named(page, 'pre')[0] ?? page)) as Record<string, unknown>
}

test('a clinician signs in, generates a token, reads with it, and refreshes it', async () => {
  const [one, { page }] = await signedIn('ada')
  assert.match(textOf(page), /Get Access Token.*Authorization Code.*Regenerate Authorization Code.*Generate Token/)
  const made = await one.post('/west/auth/token-page', filled(formWith(page, 'code')))
  const answer = answerOf(made.page)
  assert.deepEqual(
    [answer.token_type, answer.expires_in, answer.scope],
    ['Bearer', 899, 'openid offline_access user/*.rs'],
  )
  assert.match(textOf(made.page), /This token expires at .*, in 15 minutes\./)
  assert.equal((await app.get(west, 'Patient/p2', String(answer.access_token))).status, 200)
  assert.notEqual(codeOf(made.page), codeOf(page), 'a used code is replaced')
  const refreshed = await one.post('/west/auth/token-page', filled(formWith(made.page, 'refresh_token')))
  assert.match(textOf(refreshed.page), /Refresh token generated successfully\./)
  const next = answerOf(refreshed.page)
  assert.notEqual(next.access_token, answer.access_token)
  assert.equal((await app.get(west, 'Patient/p1', String(next.access_token))).status, 200)
})

test('a patient’s token sees their own record alone', async () => {
  const [one, { page }] = await signedIn('pat')
  const answer = answerOf((await one.post('/west/auth/token-page', filled(formWith(page, 'code')))).page)
  assert.equal(answer.scope, 'openid offline_access patient/*.rs')
  assert.equal((await app.get(west, 'Patient/p1', String(answer.access_token))).status, 200)
  assert.equal((await app.get(west, 'Patient/p2', String(answer.access_token))).status, 404)
})

test('a code that was used gives no other token, and the page a new code', async () => {
  const [one, { page }] = await signedIn('ada')
  const form = filled(formWith(page, 'code'))
  const first = answerOf((await one.post('/west/auth/token-page', form)).page)
  const again = await one.post('/west/auth/token-page', form)
  assert.equal(again.status, 400)
  assert.match(textOf(again.page), /The code was used before/)
  assert.equal(named(again.page, 'pre').length, 0)
  assert.equal((await app.get(west, 'Patient/p1', String(first.access_token))).status, 401, 'RFC 6749 §4.1.2')
  assert.notEqual(codeOf(again.page), codeOf(page))
})

test('without the token of the form, or without sign-in, there is none', async () => {
  const [one, { page }] = await signedIn('ada')
  const form = filled(formWith(page, 'code'))
  const refused = await one.post('/west/auth/token-page', form.replace(/csrf=[^&]*/, 'csrf=x'))
  assert.equal(refused.status, 400)
  assert.equal(named(refused.page, 'pre').length, 0)
  assert.equal((await browser(app).post('/west/auth/token-page', form)).status, 303)
})

test('a practice may switch the page off, and other dialects have none', async () => {
  const [one, { page }] = await signedIn('ada')
  const made = await one.post('/west/auth/token-page', filled(formWith(page, 'code')))
  for (const client of (await permissionsAt(db, west.number)).keys()) {
    await setPermissionState(db, west.number, client, { state: 'disabled' })
  }
  const refused = await one.post('/west/auth/token-page', filled(formWith(made.page, 'code')))
  assert.equal(refused.status, 403)
  assert.equal((await browser(app).get('/north/integra/Oauth2/oauth2Login')).status, 404)
  assert.equal((await browser(app).get('/north/auth/token-page')).status, 404)
  assert.equal(
    (await browser(app).get(`/${north.id}/auth/sign-in?next=https://evil.example`)).text.includes('evil'),
    false,
  )
})

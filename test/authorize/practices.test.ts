/** Nothing that one practice issued opens anything at another (P19, S-26). */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { permitApp } from '#platform'
import { operatorLaunch } from '#smart'
import { smartPartsOf } from '../../src/app.ts'
import { grantsOf, revokeGrants } from '../../src/smart/tokens/grant-store.ts'
import { register, type TestClient } from '../smart/apps.ts'
import { type TestApp, testApp } from '../support/test-app.ts'
import { Browser, formsIn } from './browser.ts'
import {
  answerOf,
  appAt,
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
} from './clinic.ts'

let app: TestApp
let north: Clinic
let south: Clinic
/** Permitted at both. */
let client: TestClient

before(async () => {
  app = await testApp()
  north = await clinicAt(app, 'north')
  south = await clinicAt(app, 'south')
  client = await appAt(north, { skipConsent: true })
  const { scopes } = client.record
  await permitApp(app.installation.db, south.practice.number, client.client, {
    scopes,
    types: undefined,
    groups: undefined,
  })
})
after(() => app[Symbol.asyncDispose]())

test('a code', async () => {
  const code = await codeFor(north, client)
  assert.equal((await exchange(south, client, code)).json.error, 'invalid_grant')
  assert.equal((await exchange(north, client, code)).status, 200, 'nor is it spent there')
})

test('an access token, at the API, at userinfo and at introspection', async () => {
  const { access_token } = (await exchange(north, client, await codeFor(north, client))).json
  assert.equal((await app.get(north.practice, 'Patient/p1', access_token)).status, 200)
  assert.equal((await app.get(south.practice, 'Patient/p1', access_token)).status, 401)
  const headers = { authorization: `Bearer ${access_token}` }
  assert.equal((await app.request({ method: 'GET', url: '/south/auth/userinfo', headers })).status, 401)
  const introspected = await app.request({
    method: 'POST',
    url: '/south/auth/introspect',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...credentials(client) },
    payload: `token=${access_token}`,
  })
  assert.equal(introspected.text, '{"active":false}')
})

test('a refresh token', async () => {
  const { refresh_token } = (await exchange(north, client, await codeFor(north, client))).json
  assert.equal((await refresh(south, client, refresh_token)).json.error, 'invalid_grant')
  await app.request({
    method: 'POST',
    url: '/south/auth/revoke',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...credentials(client) },
    payload: `token=${refresh_token}`,
  })
  assert.equal((await refresh(north, client, refresh_token)).status, 200)
})

test('a grant', async () => {
  const { access_token } = (await exchange(north, client, await codeFor(north, client))).json
  const [grant] = await grantsOf(app.installation.db, north.practice.number, 'ann')
  assert.ok(grant)
  assert.equal(await revokeGrants(app.installation.db, south.practice.number, { id: grant.id }, 'test'), 0)
  assert.equal(await revokeGrants(app.installation.db, south.practice.number, { username: 'ann' }, 'test'), 0)
  assert.equal((await app.get(north.practice, 'Patient/p1', access_token)).status, 200)
})

test('a launch, and its end', async () => {
  const practice = await app.installation.directory.named('north')
  assert.ok(practice)
  const parts = smartPartsOf(app.installation, () => undefined)
  const { launch } = await operatorLaunch(parts, practice, { app: client.client, user: 'dr', patient: 'p1' })
  const changes = { scope: 'launch user/Patient.rs', launch }
  const there = await new Browser(app.server).open(authorizeUrl(south, request(south, client, changes)))
  assert.equal(answerOf(there).get('error'), 'invalid_request')
  const ehr = await register(app, south.practice, {
    type: 'symmetric',
    redirectUris: [redirectUri],
    trustedLaunch: true,
    scopes: 'user/*.rs',
  })
  const ended = await app.request({
    method: 'POST',
    url: '/south/auth/end-launch',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...credentials(ehr) },
    payload: `launch=${launch}`,
  })
  assert.equal(ended.json.ended, 0)
  const here = await new Browser(app.server).open(authorizeUrl(north, request(north, client, changes)))
  assert.ok(answerOf(here).get('code'))
})

test('a pending request', async () => {
  const browser = new Browser(app.server)
  const page = await browser.open(authorizeUrl(north, request(north, client)))
  const pending = formsIn(page.body)[0]?.fields.find(([name]) => name === 'pending')?.[1] ?? ''
  assert.ok(pending)
  assert.equal((await browser.open(`${south.root}/auth/continue?pending=${pending}`)).status, 410)
  assert.equal((await browser.open(`${north.root}/auth/continue?pending=${pending}`)).status, 200)
})

test('a sign-in, and a person', async () => {
  const browser = new Browser(app.server)
  const page = await browser.open(authorizeUrl(north, request(north, client)))
  await browser.submit(page, 'sign-in', [
    ['username', 'ann'],
    ['password', password],
  ])
  const there = await browser.open(authorizeUrl(south, request(south, client)))
  assert.ok(formsIn(there.body).some(({ fields }) => fields.some(([, value]) => value === 'sign-in')))
})

test('an aud', async () => {
  const fields = request(north, client, { aud: south.base })
  assert.equal(
    answerOf(await new Browser(app.server).open(authorizeUrl(north, fields))).get('error'),
    'invalid_request',
  )
})

test('a client that only the other practice permits, or that serves only it', async () => {
  const only = await appAt(north)
  assert.equal((await new Browser(app.server).open(authorizeUrl(south, request(south, only)))).status, 403)
  const bound = await appAt(south, { onlyPractice: north.practice.number })
  assert.equal((await new Browser(app.server).open(authorizeUrl(south, request(south, bound)))).status, 403)
})

test('an id token is signed by its practice’s own key', async () => {
  const [one, two] = await Promise.all(
    [north, south].map(
      async ({ root }) => (await app.request({ method: 'GET', url: `${new URL(root).pathname}/auth/jwks` })).json,
    ),
  )
  assert.notEqual(one.keys[0].kid, two.keys[0].kid)
})

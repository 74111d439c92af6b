/** Sixteen uses of one thing at once, over two server processes' worth of pools (specs/smart.md 3.3). */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { operatorLaunch } from '#smart'
import { smartPartsOf } from '../../src/app.ts'
import { revokeGrants } from '../../src/smart/tokens/grant-store.ts'
import type { TestClient } from '../smart/apps.ts'
import { type TestApp, testApp } from '../support/test-app.ts'
import { Browser, type Shown } from './browser.ts'
import {
  appAt,
  authorizeUrl,
  type Clinic,
  clinicAt,
  codeFor,
  credentials,
  exchange,
  password,
  redirectUri,
  request,
  secondServer,
  verifier,
} from './clinic.ts'

let app: TestApp
let other: { server: FastifyInstance } & AsyncDisposable
let clinic: Clinic
let confidential: TestClient
let open: TestClient
const times = 16

before(async () => {
  app = await testApp()
  other = await secondServer(app)
  clinic = await clinicAt(app, 'north', { refreshGraceSeconds: '30' }) // all sixteen come within it
  confidential = await appAt(clinic, { skipConsent: true })
  open = await appAt(clinic, { type: 'public' })
})
after(async () => {
  await other[Symbol.asyncDispose]()
  await app[Symbol.asyncDispose]()
})

/** The same request at both servers, all at once. */
function post(client: TestClient, fields: Readonly<Record<string, string>>) {
  const payload = new URLSearchParams({
    ...fields,
    ...(client.secret === undefined && { client_id: client.client }),
  }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded', ...credentials(client) }
  return Promise.all(
    Array.from({ length: times }, async (_, i) => {
      const { server } = i % 2 === 0 ? app : other
      const answer = await server.inject({ method: 'POST', url: '/north/auth/token', headers, payload })
      return { status: answer.statusCode, json: answer.json() as Record<string, string> }
    }),
  )
}

const succeeded = (answers: Awaited<ReturnType<typeof post>>) => answers.filter(({ status }) => status === 200)
const reads = async (token = '') => (await app.get(clinic.practice, 'Patient/p1', token)).status

for (const kind of ['confidential', 'public'] as const) {
  test(`one code of a ${kind} app gives one success, and its tokens are dead afterwards`, async () => {
    const client = kind === 'public' ? open : confidential
    const code = await codeFor(clinic, client)
    const answers = await post(client, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
    })
    const [success, ...more] = succeeded(answers)
    assert.ok(success)
    assert.equal(more.length, 0)
    assert.ok(answers.every(({ status, json }) => status === 200 || json.error === 'invalid_grant'))
    assert.equal(await reads(success.json.access_token), 401)
    const refresh = { grant_type: 'refresh_token', refresh_token: success.json.refresh_token ?? '' }
    assert.equal(succeeded(await post(client, refresh)).length, 0)
  })
}

test('one refresh token of a public app gives one success, and the grant is revoked', async () => {
  const { refresh_token } = (await exchange(clinic, open, await codeFor(clinic, open))).json
  const answers = await post(open, { grant_type: 'refresh_token', refresh_token })
  const [success, ...more] = succeeded(answers)
  assert.ok(success)
  assert.equal(more.length, 0)
  assert.equal(await reads(success.json.access_token), 401)
})

test('one refresh token of a confidential app gives two successes, and the grant lives', async () => {
  const { refresh_token } = (await exchange(clinic, confidential, await codeFor(clinic, confidential))).json
  const answers = await post(confidential, { grant_type: 'refresh_token', refresh_token })
  const successes = succeeded(answers)
  assert.equal(successes.length, 2)
  assert.ok(answers.every(({ status, json }) => status === 200 || json.error === 'invalid_grant'))
  for (const { json } of successes) assert.equal(await reads(json.access_token), 200)
})

test('nothing is given for a grant after it was revoked', async () => {
  for (let round = 0; round < 3; round++) {
    const { refresh_token } = (await exchange(clinic, confidential, await codeFor(clinic, confidential))).json
    const [answers] = await Promise.all([
      post(confidential, { grant_type: 'refresh_token', refresh_token }),
      revokeGrants(app.installation.db, clinic.practice.number, { username: 'ann' }, 'test'),
    ])
    for (const { json } of succeeded(answers)) assert.equal(await reads(json.access_token), 401)
  }
})

test('with no grace a confidential app is as a public one', async () => {
  const strict = await clinicAt(app, 'strict', { refreshGraceSeconds: '0' })
  const client = await appAt(strict)
  const { refresh_token } = (await exchange(strict, client, await codeFor(strict, client))).json
  const payload = new URLSearchParams({ grant_type: 'refresh_token', refresh_token }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded', ...credentials(client) }
  const answers = await Promise.all(
    Array.from({ length: times }, (_, i) =>
      (i % 2 === 0 ? app : other).server.inject({ method: 'POST', url: '/strict/auth/token', headers, payload }),
    ),
  )
  const [success, ...more] = answers.filter(({ statusCode }) => statusCode === 200)
  assert.ok(success)
  assert.equal(more.length, 0)
  assert.equal((await app.get(strict.practice, 'Patient/p1', success.json().access_token)).status, 401)
})

const codesIn = (pages: readonly Shown[]) =>
  pages.filter(({ headers }) => new URL(String(headers.location ?? 'x:')).searchParams.has('code'))

test('one launch gives one code', async () => {
  const practice = await app.installation.directory.named('north')
  assert.ok(practice)
  const parts = smartPartsOf(app.installation, () => undefined)
  const { launch } = await operatorLaunch(parts, practice, { app: confidential.client, user: 'dr', patient: 'p1' })
  const url = authorizeUrl(clinic, request(clinic, confidential, { scope: 'launch user/Patient.rs', launch }))
  const pages = await Promise.all(
    Array.from({ length: times }, (_, i) => new Browser((i % 2 === 0 ? app : other).server).open(url)),
  )
  assert.equal(codesIn(pages).length, 1)
})

test('one consent gives one code', async () => {
  const browser = new Browser(app.server)
  const page = await browser.open(authorizeUrl(clinic, request(clinic, open)))
  const consent = await browser.submit(page, 'sign-in', [
    ['username', 'ann'],
    ['password', password],
  ])
  const pages = await Promise.all(
    Array.from({ length: times }, (_, i) =>
      browser.at((i % 2 === 0 ? app : other).server).submit(consent, 'consent', [['decision', 'allow']]),
    ),
  )
  assert.equal(codesIn(pages).length, 1)
  assert.ok(pages.every(({ status }) => status === 303 || status === 410))
})

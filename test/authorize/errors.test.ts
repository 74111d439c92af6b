/** Requests that are refused: on a page while nobody knows where the answer could go, else at the app. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setAppState, setPermissionState } from '#platform'
import { keySet, newKey, register, type TestClient } from '../smart/apps.ts'
import { type TestApp, testApp } from '../support/test-app.ts'
import { Browser, type Fields, textOf } from './browser.ts'
import {
  allow,
  answerOf,
  appAt,
  authorizeUrl,
  type Clinic,
  clinicAt,
  exchange,
  redirectUri,
  request,
} from './clinic.ts'

let app: TestApp
let clinic: Clinic
let client: TestClient
let browser: Browser

before(async () => {
  app = await testApp()
  clinic = await clinicAt(app, 'north', { dialect: 'mof' })
  client = await appAt(clinic, { pkce: 'none' })
  browser = new Browser(app.server)
})
after(() => app[Symbol.asyncDispose]())

const evil = 'https://evil.example/cb'

for (const [what, changes, sentence] of [
  ['no client_id', { client_id: undefined }, /client_id is missing/],
  ['an unknown client_id', { client_id: 'nobody' }, /not known here/],
  ['an unknown client_id and redirect_uri', { client_id: 'nobody', redirect_uri: evil }, /not known here/],
  ['no redirect_uri', { redirect_uri: undefined }, /redirect_uri is missing/],
  ['a foreign redirect_uri', { redirect_uri: evil }, /not registered/],
  ['a longer redirect_uri', { redirect_uri: `${redirectUri}/x` }, /not registered/],
  ['a redirect_uri with a query', { redirect_uri: `${redirectUri}?next=${evil}` }, /not registered/],
  [
    'a foreign redirect_uri and a wrong response_type',
    { redirect_uri: evil, response_type: 'token' },
    /not registered/,
  ],
] as const) {
  test(`${what}: a page with 400, and nobody is sent away`, async () => {
    const page = await browser.open(authorizeUrl(clinic, request(clinic, client, changes)))
    assert.equal(page.status, 400)
    assert.equal(page.headers.location, undefined)
    assert.match(String(page.headers['content-security-policy']), /frame-ancestors 'none'/)
    assert.match(textOf(page.body), sentence)
    assert.ok(!page.body.includes('evil.example'), 'what was sent is not shown')
  })
}

for (const name of ['client_id', 'redirect_uri', 'scope', 'state', 'aud', 'code_challenge']) {
  test(`${name} given twice: a page with 400 (P20)`, async () => {
    const fields: Fields = [...request(clinic, client), [name, 'again']]
    const page = await browser.open(authorizeUrl(clinic, fields))
    assert.equal(page.status, 400)
    assert.match(textOf(page.body), new RegExp(`${name} is given more than once`))
  })
}

for (const [what, changes, error, sentence] of [
  ['no response_type', { response_type: undefined }, 'invalid_request', /response_type is missing/],
  ['response_type=token', { response_type: 'token' }, 'unsupported_response_type', /there is code/],
  ['response_mode=fragment', { response_mode: 'fragment' }, 'invalid_request', /response_mode/],
  ['a request object', { request: 'e30.e30.' }, 'request_not_supported', /request is not read/],
  ['a request_uri', { request_uri: evil }, 'request_uri_not_supported', /request_uri is not read/],
  ['no scope', { scope: undefined }, 'invalid_scope', /scope is missing/],
  ['a scope with a quotation mark', { scope: 'patient/"x".rs' }, 'invalid_scope', /cannot be read/],
  ['no aud', { aud: undefined }, 'invalid_request', /aud is missing/],
  ['a foreign aud', { aud: 'https://evil.example/fhir' }, 'invalid_request', /aud is not a FHIR base/],
  [
    'an aud that begins like ours',
    { aud: 'http://localhost:8080/north/fhir/r4.evil.example' },
    'invalid_request',
    /aud/,
  ],
  ['code_challenge_method=plain', { code_challenge_method: 'plain' }, 'invalid_request', /S256 is wanted/],
  ['no code_challenge_method', { code_challenge_method: undefined }, 'invalid_request', /S256 is wanted/],
  ['a code_challenge that is no hash', { code_challenge: 'short' }, 'invalid_request', /43 letters/],
  ['a method without a challenge', { code_challenge: undefined }, 'invalid_request', /code_challenge is missing/],
  ['a launch that is not known', { launch: 'x' }, 'invalid_request', /launch/],
  ['prompt=none while nobody is signed in', { prompt: 'none' }, 'login_required', /prompt=none/],
] as const) {
  test(`${what}: the app is told ${error}`, async () => {
    const page = await browser.open(authorizeUrl(clinic, request(clinic, client, changes)))
    assert.equal(page.status, 303)
    const answer = answerOf(page)
    assert.equal(answer.get('error'), error)
    assert.match(answer.get('error_description') ?? '', sentence)
    assert.equal(answer.get('state'), 's1')
    assert.equal(answer.get('iss'), clinic.root)
    assert.equal(answer.get('code'), null)
    assert.ok(answer.get('request_id'))
  })
}

for (const aud of ['/fhir/r4/', '/fhir', '/open/']) {
  test(`aud may be any base of the practice: ${aud}`, async () => {
    const page = await browser.open(authorizeUrl(clinic, request(clinic, client, { aud: clinic.root + aud })))
    assert.equal(page.status, 200, page.body)
  })
}

test('resource is read as aud', async () => {
  const fields = request(clinic, client, { aud: undefined, resource: clinic.base })
  assert.equal((await browser.open(authorizeUrl(clinic, fields))).status, 200)
})

test('an app without state gets none, and one that wants no iss none', async () => {
  const plain = await appAt(clinic, { issuerInRedirect: false })
  const fields = request(clinic, plain, { state: undefined, scope: undefined })
  const answer = answerOf(await browser.open(authorizeUrl(clinic, fields)))
  assert.equal(answer.get('error'), 'invalid_scope')
  assert.equal(answer.has('state') || answer.has('iss'), false)
})

test('what OpenID knows besides is ignored (P13), and so is a secret (C24)', async () => {
  const changes = {
    nonce: 'n',
    max_age: '1',
    claims: '{}',
    id_token_hint: 'x',
    ui_locales: 'de',
    client_secret: 'geheim',
  }
  const page = await browser.open(
    authorizeUrl(clinic, request(clinic, client, { ...changes, scope: 'patient/Patient.rs' })),
  )
  assert.equal(page.status, 200)
  assert.ok(!page.body.includes('geheim'))
})

test('PKCE is left out by the confidential app that is registered so, where the dialect allows it (C7)', async () => {
  const without = { code_challenge: undefined, code_challenge_method: undefined }
  assert.equal((await browser.open(authorizeUrl(clinic, request(clinic, client, without)))).status, 200)
  const others = [await appAt(clinic), await appAt(clinic, { type: 'public' })]
  const standard = await clinicAt(app, 'standard')
  const elsewhere = await appAt(standard, { pkce: 'none' })
  for (const [where, other] of [
    [clinic, others[0]],
    [clinic, others[1]],
    [standard, elsewhere],
  ] as const) {
    assert.ok(other)
    const answer = answerOf(await browser.open(authorizeUrl(where, request(where, other, without))))
    assert.equal(answer.get('error'), 'invalid_request')
    assert.match(answer.get('error_description') ?? '', /PKCE is required/)
  }
})

test('an app that is switched off gets a page that says by whom', async () => {
  const off = await appAt(clinic)
  await setAppState(app.installation.db, off.client, { state: 'suspended', reason: 'Under review' })
  const page = await browser.open(authorizeUrl(clinic, request(clinic, off)))
  assert.equal(page.status, 403)
  assert.match(textOf(page.body), /suspended at the platform: Under review/)
  const disabled = await appAt(clinic)
  await setPermissionState(app.installation.db, clinic.practice.number, disabled.client, { state: 'disabled' })
  assert.match(
    textOf((await browser.open(authorizeUrl(clinic, request(clinic, disabled)))).body),
    /has not approved this app/,
  )
})

test('a backend app has no users', async () => {
  const scopes = 'system/*.rs'
  const backend = await register(app, clinic.practice, { type: 'backend', scopes, keys: { set: keySet(newKey('k1')) } })
  const page = await browser.open(authorizeUrl(clinic, request(clinic, backend)))
  assert.equal(page.status, 400)
  assert.match(textOf(page.body), /not known here/)
})

test('the Host header changes nothing (P12)', async () => {
  const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example' }
  const page = await browser.open(authorizeUrl(clinic, request(clinic, client)), headers)
  assert.ok(!page.body.includes('evil.example'))
  const refused = await browser.open(authorizeUrl(clinic, request(clinic, client, { scope: undefined })), headers)
  assert.equal(answerOf(refused).get('iss'), clinic.root)
  const foreign = request(clinic, client, { aud: 'http://evil.example/north/fhir/r4' })
  assert.equal(answerOf(await browser.open(authorizeUrl(clinic, foreign), headers)).get('error'), 'invalid_request')
})

test('a request by POST with 40 kB of scopes completes (P7)', async () => {
  const category = 'http://terminology.hl7.org/CodeSystem/observation-category'
  const many = Array.from({ length: 500 }, (_, i) => `patient/Observation.rs?category=${category}|x${i}`)
  const scope = ['patient/Patient.rs', `patient/Observation.rs?category=${category}|laboratory`, ...many].join(' ')
  assert.ok(scope.length > 40_000)
  const fresh = new Browser(app.server)
  const page = await fresh.post(`${clinic.root}/auth/authorize`, request(clinic, client, { scope }))
  const { json } = await exchange(clinic, client, (await allow(fresh, page, 'ann')).get('code') ?? '')
  assert.equal(json.scope, scope)
  assert.equal((await app.get(clinic.practice, 'Observation/lab1', json.access_token)).status, 200)
  assert.equal((await app.get(clinic.practice, 'Observation/vital1', json.access_token)).status, 404)
})

test('more than 100,000 letters of scopes are refused', async () => {
  const scope = 'patient/Patient.rs '.repeat(6000)
  const page = await browser.post(`${clinic.root}/auth/authorize`, request(clinic, client, { scope }))
  assert.equal(answerOf(page).get('error'), 'invalid_scope')
})

test('who asks too often waits', async () => {
  const busy = await clinicAt(app, 'busy', { tokenRequestsPerMinute: '10' })
  const own = await appAt(busy)
  const asked = new Browser(app.server)
  const statuses: number[] = []
  for (let i = 0; i < 25; i++) statuses.push((await asked.open(authorizeUrl(busy, request(busy, own)))).status)
  assert.equal(statuses[0], 200)
  assert.ok(statuses.includes(429))
})

test('a request by POST that is refused goes back to the app, too', async () => {
  const page = await browser.post(
    `${clinic.root}/auth/authorize`,
    request(clinic, client, { aud: 'https://x.example' }),
  )
  assert.equal(answerOf(page).get('error'), 'invalid_request')
})

test('a pending request that is not known is a page', async () => {
  assert.equal((await browser.open(`${clinic.root}/auth/continue?pending=x`)).status, 410)
  assert.equal((await browser.open(`${clinic.root}/auth/continue`)).status, 410)
})

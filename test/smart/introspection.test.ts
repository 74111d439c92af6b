/** RFC 7662 and RFC 7009 as SMART 2.2 wants them (A39 to A42). */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { addSecret } from '#platform'
import { issueAccessToken } from '#smart'
import { type TestApp, testApp } from '../support/test-app.ts'
import {
  askToken,
  assertion,
  type Backend,
  backendAt,
  basic,
  jwtBearer,
  post,
  register,
  type TestClient,
  tokenUrl,
} from './apps.ts'

let app: TestApp
let backend: Backend
let symmetric: TestClient
let open: TestClient
const redirectUris = ['https://app.example/cb']

before(async () => {
  app = await testApp()
  const practice = await app.addPractice('north', { tokenRequestsPerMinute: '100000' })
  await app.load(practice, [{ resourceType: 'Patient', id: 'p1' }])
  backend = await backendAt(app, practice)
  symmetric = await register(app, practice, { type: 'symmetric', scopes: 'patient/*.rs', redirectUris })
  open = await register(app, practice, { type: 'public', scopes: 'patient/*.rs', redirectUris })
})
after(() => app[Symbol.asyncDispose]())

const newToken = async () => (await askToken(app, backend)).json.access_token as string
const introspect = (form: Record<string, string>, headers = basic(symmetric.client, symmetric.secret ?? '')) =>
  post(app, '/north/auth/introspect', form, headers)

test('a token is told with scope, client_id and exp, to an app that is not its own', async () => {
  const token = await newToken()
  const { status, json, headers } = await introspect({ token })
  assert.equal(status, 200)
  const { exp, ...rest } = json
  assert.deepEqual(rest, {
    ...{ active: true, scope: 'system/*.rs', client_id: backend.client.client, token_type: 'Bearer' },
    aud: 'http://localhost:8080/north/fhir/r4',
  })
  assert.ok(Number.isInteger(exp) && exp > Date.now() / 1000 + 200 && exp <= Date.now() / 1000 + 301)
  assert.equal(headers['cache-control'], 'no-store')
})

test('who has a token of their own may ask with it, also about itself (A42, P10)', async () => {
  const token = await newToken()
  const answer = await introspect({ token }, { authorization: `Bearer ${await newToken()}` })
  assert.equal(answer.json.active, true)
  assert.equal((await introspect({ token }, { authorization: `bearer ${token}` })).json.active, true)
})

test('an app with keys asks with an assertion, which is used once', async () => {
  const client_assertion = await assertion(backend.key, backend.client.client, tokenUrl(backend.practice))
  const form = { token: await newToken(), client_assertion_type: jwtBearer, client_assertion }
  assert.equal((await introspect(form, {})).json.active, true)
  assert.equal((await introspect(form, {})).status, 401)
})

test('secret and client_id may come in the form', async () => {
  const form = { token: await newToken(), client_id: symmetric.client, client_secret: symmetric.secret ?? '' }
  assert.equal((await introspect(form, {})).json.active, true)
})

test('the patient in context is told (A40), and the person', async () => {
  const { db } = app.installation
  const shared = { practice: backend.practice.number, client: symmetric.client, seconds: 60 }
  const scope = 'patient/*.rs'
  const token = await issueAccessToken(db, { ...shared, scope, patients: ['p1'], user: 'Patient/p1', role: 'patient' })
  const { json } = await introspect({ token })
  assert.deepEqual([json.patient, json.fhirUser, json.scope], ['p1', 'Patient/p1', scope])
})

for (const [what, tokenOf] of [
  ['nobody knows', async () => 'invalid_token_value'],
  ['has characters of no token', async () => '"é {'],
  [
    'has expired',
    async () => {
      const { number: practice } = backend.practice
      const token = await issueAccessToken(app.installation.db, {
        practice,
        client: symmetric.client,
        seconds: 0,
        scope: '',
        patients: [],
      })
      await sleep(10)
      return token
    },
  ],
  [
    'was revoked',
    async () => {
      const token = await newToken()
      const client_assertion = await assertion(backend.key, backend.client.client, tokenUrl(backend.practice))
      await post(app, '/north/auth/revoke', { token, client_assertion_type: jwtBearer, client_assertion })
      return token
    },
  ],
] as const) {
  test(`a token that ${what} is {"active":false} and nothing else`, async () => {
    const { status, text } = await introspect({ token: await tokenOf() })
    assert.deepEqual([status, text], [200, '{"active":false}'])
  })
}

for (const [what, form, headers, status, error] of [
  ['nobody', { token: 'x' }, {}, 401, 'invalid_client'],
  ['a wrong secret', { token: 'x' }, basic('nobody', 'x'), 401, 'invalid_client'],
  ['a token that is not known', { token: 'x' }, { authorization: 'Bearer nonsense' }, 401, 'invalid_token'],
  ['another scheme', { token: 'x' }, { authorization: 'Digest x' }, 401, 'invalid_client'],
] as const) {
  test(`introspection is refused to ${what}`, async () => {
    const answer = await introspect(form, headers as Record<string, string>)
    assert.deepEqual([answer.status, answer.json.error], [status, error])
    assert.match(String(answer.headers['www-authenticate']), error === 'invalid_token' ? /^Bearer / : /^Basic /)
  })
}

test('a public app cannot prove who it is, so it may not introspect', async () => {
  assert.equal((await introspect({ token: await newToken(), client_id: open.client }, {})).status, 401)
})

test('introspection without a token is invalid_request', async () => {
  assert.deepEqual((await introspect({})).json.error, 'invalid_request')
})

test('an app revokes its token: it ends at once and the others do not', async () => {
  const [token, other] = [await newToken(), await newToken()]
  const client_assertion = await assertion(backend.key, backend.client.client, tokenUrl(backend.practice))
  const answer = await post(app, '/north/auth/revoke', { token, client_assertion_type: jwtBearer, client_assertion })
  assert.equal(answer.status, 200)
  assert.equal((await app.get(backend.practice, 'Patient/p1', token)).status, 401)
  assert.equal((await app.get(backend.practice, 'Patient/p1', other)).status, 200)
})

test("revocation of another app's token answers 200 and does nothing (P17)", async () => {
  const token = await newToken()
  const answers = [
    await post(app, '/north/auth/revoke', { token }, basic(symmetric.client, symmetric.secret ?? '')),
    await post(app, '/north/auth/revoke', { token, client_id: open.client }),
    await post(app, '/north/auth/revoke', {
      token: 'nonsense',
      token_type_hint: 'refresh_token',
      client_id: open.client,
    }),
  ]
  for (const { status } of answers) assert.equal(status, 200)
  assert.equal((await app.get(backend.practice, 'Patient/p1', token)).status, 200)
})

test('revocation without credentials is refused', async () => {
  assert.equal((await post(app, '/north/auth/revoke', { token: await newToken() })).status, 401)
})

test('both secrets of an app are good while they are changed, an older one is not', async () => {
  const { db } = app.installation
  const client = await register(app, backend.practice, { type: 'symmetric', scopes: 'patient/*.rs', redirectUris })
  const second = await addSecret(db, client.client, 1)
  const good = async (secret = '') => (await introspect({ token: 'x' }, basic(client.client, secret))).status
  assert.deepEqual([await good(client.secret), await good(second)], [200, 200])
  const other = await register(app, backend.practice, { type: 'symmetric', scopes: 'patient/*.rs', redirectUris })
  const secondOfOther = await addSecret(db, other.client, 1)
  const third = await addSecret(db, other.client, 1)
  const goodOfOther = async (secret = '') => (await introspect({ token: 'x' }, basic(other.client, secret))).status
  assert.deepEqual(
    [await goodOfOther(other.secret), await goodOfOther(secondOfOther), await goodOfOther(third)],
    [401, 200, 200],
  )
})

test('a secret of one app is of no use to another', async () => {
  const other = await register(app, backend.practice, { type: 'symmetric', scopes: 'patient/*.rs', redirectUris })
  assert.equal((await introspect({ token: 'x' }, basic(other.client, symmetric.secret ?? ''))).status, 401)
})

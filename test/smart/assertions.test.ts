/** The assertion of a backend app and its request: what is refused, and how (specs/smart.md 4.1, 14). */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { stopClock } from '../support/clock.ts'
import { type TestApp, testApp } from '../support/test-app.ts'
import {
  askToken,
  assertion,
  type Backend,
  type Key,
  keySet,
  type Made,
  newKey,
  post,
  register,
  tokenUrl,
} from './apps.ts'

let app: TestApp
let backend: Backend
const stranger = newKey('k1')
const p256 = newKey('p256', 'ES256')
const rsa = newKey('rsa', 'RS384')
const twins = [newKey('twin'), newKey('twin')] as const
const forEncryption = newKey('enc')

before(async () => {
  app = await testApp()
  const practice = await app.addPractice('north', { tokenRequestsPerMinute: '100000' })
  const key = newKey('k1')
  const encrypting = { ...forEncryption, jwk: { ...forEncryption.jwk, use: 'enc' } }
  const set = keySet(key, rsa, p256, ...twins, encrypting)
  backend = { practice, key, client: await register(app, practice, { type: 'backend', keys: { set } }) }
})
after(() => app[Symbol.asyncDispose]())

const seconds = () => Math.floor(Date.now() / 1000)

interface Case extends Made {
  readonly with?: Key
  readonly form?: Readonly<Record<string, string>>
  readonly audience?: string
  /** Claims that are times, as seconds from when the assertion is made. */
  readonly ahead?: Readonly<Record<string, number>>
}

function madeNow({ ahead = {}, claims, ...made }: Case): Made {
  const times = Object.entries(ahead).map(([name, from]) => [name, seconds() + from])
  return { ...made, claims: { ...claims, ...Object.fromEntries(times) } }
}

for (const [what, make, part] of [
  ['has another issuer', { claims: { iss: 'somebody' } }, /iss and sub/],
  ['has no issuer', { claims: { iss: undefined } }, /iss and sub/],
  ['has another subject', { claims: { sub: 'somebody' } }, /not known here or its credentials/],
  ['has no subject', { claims: { sub: undefined } }, /not known here or its credentials/],
  ['has a subject that is a number', { claims: { sub: 7 } }, /not known here or its credentials/],
  ['is for another app than the form names', { form: { client_id: 'somebody' } }, /client_id of the form/],
  [
    'is for another server',
    { claims: { aud: 'https://elsewhere.example/token' } },
    /aud is https:\/\/elsewhere.example/,
  ],
  ['is for an address that begins alike', { claims: { aud: 'http://localhost:8080/north/auth/token/x' } }, /aud/],
  ['is for nobody', { claims: { aud: undefined } }, /aud is missing/],
  ['has no exp', { claims: { exp: undefined } }, /no exp/],
  ['has an exp that is a text', { claims: { exp: '1' } }, /exp|JWT/],
  ['expired 20 seconds ago', { ahead: { exp: -20 } }, /expired/],
  ['expires in ten minutes', { ahead: { exp: 600 } }, /seconds ahead: at most 300/],
  ['is not good yet', { ahead: { nbf: 120 } }, /nbf/],
  ['has no jti', { claims: { jti: undefined } }, /no jti/],
  ['has an empty jti', { claims: { jti: '' } }, /no jti/],
  ['has no typ', { header: { typ: undefined } }, /typ 'JWT'/],
  ['has another typ', { header: { typ: 'at+jwt' } }, /typ 'JWT'/],
  ['has no kid', { header: { kid: undefined } }, /no kid/],
  ['names a key that is not registered', { header: { kid: 'k9' } }, /kid 'k9' names no EC key .*as registered/],
  ['names a key of another type', { header: { kid: 'rsa' } }, /kid 'rsa' names no EC key/],
  ['names a key that two have', { with: twins[0] }, /several EC keys/],
  ['names a key that is for encryption', { with: forEncryption }, /kid 'enc' names no EC key/],
  ['is signed by somebody else', { with: stranger }, /signature does not fit/],
  ['is signed with RS256', { with: { ...rsa, alg: 'RS256' } }, /alg is RS256/],
  ['is signed with ES256', { with: p256 }, /alg is ES256/],
  ['names a jku though keys were registered', { header: { jku: 'https://elsewhere.example/keys' } }, /jku/],
] as readonly (readonly [string, Case, RegExp])[]) {
  test(`an assertion that ${what} is invalid_client`, async () => {
    const key = make.with ?? backend.key
    const answer = await askToken(app, { ...backend, key }, make.form, madeNow(make))
    assert.equal(answer.status, 401, answer.text)
    assert.equal(answer.json.error, 'invalid_client')
    assert.match(answer.json.error_description, part)
    assert.match(String(answer.headers['www-authenticate']), /^Basic realm="http:\/\/localhost:8080\/north"$/)
  })
}

for (const [what, client_assertion] of [
  ['is a word', 'nonsense'],
  ['has two parts', 'e30.e30'],
  ['has five parts, as an encrypted one', 'e30.e30.e30.e30.e30'],
  ['has a header that is not JSON', 'eHh4.e30.e30'],
  ['has claims that are no object', `${Buffer.from('{"alg":"ES384"}').toString('base64url')}.W10.e30`],
] as const) {
  test(`an assertion that ${what} is invalid_client`, async () => {
    const answer = await askToken(app, backend, { client_assertion })
    assert.deepEqual([answer.status, answer.json.error], [401, 'invalid_client'])
    assert.match(answer.json.error_description, /not a JWT/)
  })
}

test('an assertion without signature is refused', async () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const { client } = backend.client
  const claims = { iss: client, sub: client, aud: tokenUrl(backend.practice), exp: seconds() + 60, jti: 'x' }
  for (const alg of ['none', 'HS384']) {
    const answer = await askToken(app, backend, {
      client_assertion: `${part({ alg, typ: 'JWT', kid: 'k1' })}.${part(claims)}.`,
    })
    assert.deepEqual([answer.status, answer.json.error], [401, 'invalid_client'], alg)
  }
})

test('a critical extension that nobody here knows is refused', async () => {
  const text = await assertion(backend.key, backend.client.client, tokenUrl(backend.practice))
  const [, claims, signature] = text.split('.')
  const header = { alg: 'ES384', typ: 'JWT', kid: 'k1', crit: ['x'], x: 1 }
  const forged = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${claims}.${signature}`
  const answer = await askToken(app, backend, { client_assertion: forged })
  assert.deepEqual([answer.status, answer.json.error], [401, 'invalid_client'])
})

for (const [what, made] of [
  ['with ES384', {}],
  ['with RS384', { with: rsa }],
  ['that expires in exactly five minutes by a clock 10 seconds ahead', { ahead: { exp: 310 } }],
  ['that expired 10 seconds ago', { ahead: { exp: -5 } }],
  ['for the issuer', { audience: 'http://localhost:8080/north' }],
  [
    'for several audiences',
    { claims: { aud: ['https://elsewhere.example', 'http://localhost:8080/north/auth/token'] } },
  ],
  ['with a jti of letters that no database takes', { claims: { jti: '\0 "\\ 🩺' } }],
  ['with a very long jti', { claims: { jti: 'x'.repeat(5000) } }],
] as readonly (readonly [string, Case])[]) {
  test(`an assertion ${what} is good`, async () => {
    using _ = stopClock()
    const { client, practice } = backend
    const audience = made.audience ?? tokenUrl(practice)
    const text = await assertion(made.with ?? backend.key, client.client, audience, madeNow(made))
    const answer = await askToken(app, backend, { client_assertion: text })
    assert.equal(answer.status, 200, answer.text)
  })
}

test('an assertion is used once', async () => {
  const client_assertion = await assertion(backend.key, backend.client.client, tokenUrl(backend.practice))
  assert.equal((await askToken(app, backend, { client_assertion })).status, 200)
  const again = await askToken(app, backend, { client_assertion })
  assert.deepEqual([again.status, again.json.error], [401, 'invalid_client'])
  assert.match(again.json.error_description, /jti was used before/)
})

test('another assertion with the same jti is a replay, too, but not of another app', async () => {
  const claims = { jti: 'same' }
  assert.equal((await askToken(app, backend, {}, { claims })).status, 200)
  assert.equal((await askToken(app, backend, {}, { claims })).status, 401)
  const client = await register(app, backend.practice, { type: 'backend', keys: { set: keySet(backend.key) } })
  assert.equal((await askToken(app, { ...backend, client }, {}, { claims })).status, 200)
})

test('what is refused does not use an assertion up', async () => {
  const client_assertion = await assertion(backend.key, backend.client.client, tokenUrl(backend.practice))
  assert.equal((await askToken(app, backend, { client_assertion, scope: '' })).status, 400)
  assert.equal((await askToken(app, backend, { client_assertion })).status, 200)
})

// biome-ignore format: a table
for (const [what, form, status, error, part] of [
  ['without grant_type',              { grant_type: '' },                    400, 'invalid_request',        /grant_type is missing/],
  ['with a grant_type of nobody',     { grant_type: 'not_a_grant_type' },    400, 'unsupported_grant_type', /there is .*client_credentials/],
  ['with the password grant',         { grant_type: 'password' },            400, 'unsupported_grant_type', /not offered/],
  ['without client_assertion_type',   { client_assertion_type: '' },         400, 'invalid_client',         /client_assertion_type/],
  ['with another client_assertion_type', { client_assertion_type: 'not_an_assertion_type' }, 400, 'invalid_client', /client_assertion_type/],
  ['without scope',                   { scope: '' },                         400, 'invalid_scope',          /scope is missing/],
  ['with blanks as scope',            { scope: '  ' },                       400, 'invalid_scope',          /None of the scopes/],
  ['with a secret besides',           { client_secret: 'x' },                400, 'invalid_request',        /more than one way/],
] as const) {
  test(`a request ${what} is refused with ${error}`, async () => {
    const answer = await askToken(app, backend, form)
    assert.deepEqual([answer.status, answer.json.error], [status, error], answer.text)
    assert.match(answer.json.error_description, part)
  })
}

test('a request without any credentials is invalid_client', async () => {
  const answer = await post(app, '/north/auth/token', { grant_type: 'client_credentials', scope: 'system/*.rs' })
  assert.deepEqual([answer.status, answer.json.error], [401, 'invalid_client'])
})

test('a backend app that sends its client_id alone, or a secret, learns no more than a stranger', async () => {
  const form = { grant_type: 'client_credentials', scope: 'system/*.rs' }
  const { client } = backend.client
  const answers = [
    await post(app, '/north/auth/token', { ...form, client_id: client }),
    await post(app, '/north/auth/token', { ...form, client_id: client, client_secret: 'x' }),
    await post(app, '/north/auth/token', { ...form, client_id: 'nobody' }),
    await post(app, '/north/auth/token', { ...form, client_id: 'nobody', client_secret: 'x' }),
  ]
  for (const { status } of answers) assert.equal(status, 401)
  assert.equal(new Set(answers.map(({ json }) => json.error_description)).size, 1)
})

test('a repeated parameter is invalid_request (P20)', async () => {
  const text = await assertion(backend.key, backend.client.client, tokenUrl(backend.practice))
  const form = [
    ['grant_type', 'client_credentials'],
    ['scope', 'system/*.rs'],
    ['scope', 'system/*.rs'],
    ['client_assertion', text],
  ] as const
  const answer = await post(app, '/north/auth/token', form)
  assert.deepEqual([answer.status, answer.json.error], [400, 'invalid_request'])
  assert.match(answer.json.error_description, /scope is given more than once/)
})

test('an assertion in a header is not read (C25)', async () => {
  const client_assertion = await assertion(backend.key, backend.client.client, tokenUrl(backend.practice))
  const form = { grant_type: 'client_credentials', scope: 'system/*.rs' }
  const answer = await post(app, '/north/auth/token', form, { client_assertion })
  assert.equal(answer.status, 401)
})

test('parameters of the query string are not read, and a token there is refused (X17)', async () => {
  const answer = await post(app, '/north/auth/token?grant_type=client_credentials&provider=idx', {})
  assert.match(answer.json.error_description, /grant_type is missing/)
  assert.equal((await post(app, '/north/auth/token?access_token=x', {})).status, 400)
})

for (const [what, request, status, part] of [
  ['JSON', { payload: '{}', headers: { 'content-type': 'application/json' } }, 415, /as a form/],
  ['more than 256 kB', { payload: `scope=${'x'.repeat(300_000)}` }, 413, /larger/],
  ['more than 1000 parameters', { payload: 'a=1&'.repeat(1001) }, 400, /more than 1000/],
  ['what is not UTF-8', { payload: 'scope=%ff' }, 400, /UTF-8/],
  ['nothing', { headers: {} }, 400, /grant_type is missing/],
] as const) {
  test(`the token endpoint refuses ${what} in the words of OAuth`, async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await app.request({ method: 'POST', url: '/north/auth/token', headers, ...request })
    assert.deepEqual([answer.status, answer.json.error], [status, 'invalid_request'], answer.text)
    assert.match(answer.json.error_description, part)
  })
}

test('the token endpoint answers to POST only', async () => {
  for (const method of ['GET', 'PUT', 'DELETE']) {
    const answer = await app.request({ method, url: '/north/auth/token' })
    assert.deepEqual(
      [answer.status, answer.headers.allow, answer.json.error],
      [405, 'POST, OPTIONS', 'invalid_request'],
    )
  }
})

test('a practice that is not there is told as JSON of OAuth', async () => {
  const answer = await post(app, '/nowhere/auth/token', {})
  assert.deepEqual([answer.status, answer.json.error], [404, 'invalid_request'])
})

test('no answer is kept on the way, and each has the id of its request (P6, A9)', async () => {
  for (const answer of [await askToken(app, backend), await askToken(app, backend, { scope: '' })]) {
    assert.equal(answer.headers['cache-control'], 'no-store')
    assert.equal(answer.headers.pragma, 'no-cache')
    assert.match(String(answer.headers['content-type']), /^application\/json/)
    assert.ok(answer.headers['x-request-id'])
  }
  const { json, headers } = await askToken(app, backend, { scope: '' })
  assert.equal(json.request_id, headers['x-request-id'])
})

test('a token answer has numbers as numbers, and no refresh token (A37, A38, P28)', async () => {
  const { json } = await askToken(app, backend)
  assert.deepEqual(
    { ...json, access_token: '' },
    { access_token: '', token_type: 'Bearer', expires_in: 300, scope: 'system/*.rs' },
  )
  assert.match(json.access_token, /^[\w-]{43}$/)
})

/** A code for tokens, and what the tokens say. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { revokeGrants } from '../../src/smart/tokens/grant-store.ts'
import { assertion, jwtBearer, keySet, newKey, type TestClient } from '../smart/apps.ts'
import { type TestApp, testApp } from '../support/test-app.ts'
import {
  appAt,
  type Clinic,
  challengeOf,
  clinicAt,
  codeFor,
  credentials,
  exchange,
  newVerifier,
  redirectUri,
  refresh,
  token,
  usual,
  verifier,
} from './clinic.ts'

let app: TestApp
let clinic: Clinic
let client: TestClient

before(async () => {
  app = await testApp()
  clinic = await clinicAt(app, 'north', { dialect: 'mof' })
  client = await appAt(clinic)
})
after(() => app[Symbol.asyncDispose]())

for (const [what, changes] of [
  ['no code_verifier', { code_verifier: undefined }],
  ['an empty code_verifier', { code_verifier: '' }],
  ['a wrong code_verifier', { code_verifier: newVerifier() }],
  ['the challenge as code_verifier', { code_verifier: challengeOf(verifier) }],
  ['no redirect_uri', { redirect_uri: undefined }],
  ['another redirect_uri', { redirect_uri: `${redirectUri}/` }],
] as const) {
  test(`${what} is invalid_grant, and the code is spent`, async () => {
    const code = await codeFor(clinic, client)
    const refused = await exchange(clinic, client, code, changes)
    assert.equal(refused.status, 400)
    assert.equal(refused.json.error, 'invalid_grant')
    assert.ok(refused.json.error_description)
    assert.match(String(refused.headers['cache-control']), /no-store/)
    assert.equal(refused.headers.pragma, 'no-cache')
    assert.equal((await exchange(clinic, client, code)).json.error, 'invalid_grant')
  })
}

test('a code_verifier where no challenge was is invalid_grant (P22)', async () => {
  const old = await appAt(clinic, { pkce: 'none' })
  const without = { code_challenge: undefined, code_challenge_method: undefined }
  const [one, two] = [await codeFor(clinic, old, without), await codeFor(clinic, old, without)]
  assert.equal((await exchange(clinic, old, one)).json.error, 'invalid_grant')
  assert.equal((await exchange(clinic, old, two, { code_verifier: undefined })).status, 200)
})

test('a challenge that was sent is always enforced (C7)', async () => {
  const old = await appAt(clinic, { pkce: 'none' })
  assert.equal(
    (await exchange(clinic, old, await codeFor(clinic, old), { code_verifier: undefined })).json.error,
    'invalid_grant',
  )
})

test('a second use of a code ends what the first one gave (RFC 6749 §4.1.2)', async () => {
  const code = await codeFor(clinic, client)
  const { access_token, refresh_token } = (await exchange(clinic, client, code)).json
  assert.equal((await app.get(clinic.practice, 'Patient/p1', access_token)).status, 200)
  assert.equal((await exchange(clinic, client, code)).status, 400)
  assert.equal((await app.get(clinic.practice, 'Patient/p1', access_token)).status, 401)
  assert.equal((await refresh(clinic, client, refresh_token)).json.error, 'invalid_grant')
})

test('a grant that was revoked before its code was used gives nothing', async () => {
  const code = await codeFor(clinic, client)
  await revokeGrants(app.installation.db, clinic.practice.number, { username: 'ann' }, 'test')
  assert.equal((await exchange(clinic, client, code)).json.error, 'invalid_grant')
})

test('a code is its app’s alone, and another app cannot spoil it', async () => {
  const [code, other] = [await codeFor(clinic, client), await appAt(clinic)]
  const refused = await exchange(clinic, other, code)
  assert.equal(refused.status, 400)
  assert.equal(refused.json.error, 'invalid_grant')
  assert.equal((await exchange(clinic, client, code)).status, 200)
})

test('a code that is not known is 400, a client that is not known 401', async () => {
  assert.equal((await exchange(clinic, client, 'BAD_CODE')).status, 400)
  const code = await codeFor(clinic, client)
  assert.equal((await exchange(clinic, { ...client, client: 'BAD_CLIENT_ID' }, code)).status, 401)
  assert.equal((await exchange(clinic, { ...client, secret: 'wrong' }, code)).status, 401)
})

test('a code lives a minute', async () => {
  const code = await codeFor(clinic, client)
  await app.installation.db.script(`update as_code set exp = exp - interval '61 seconds' where used_at is null`)
  assert.equal((await exchange(clinic, client, code)).json.error, 'invalid_grant')
})

test('public, symmetric (Basic and post) and asymmetric apps exchange their codes', async () => {
  const open = await appAt(clinic, { type: 'public' })
  assert.equal((await exchange(clinic, open, await codeFor(clinic, open))).status, 200)
  const post = { client_id: client.client, client_secret: client.secret }
  const { secret: _, ...withoutBasic } = client
  assert.equal((await exchange(clinic, withoutBasic, await codeFor(clinic, client), post)).status, 200)
  const key = newKey('k1')
  const signed = await appAt(clinic, { type: 'asymmetric', keys: { set: keySet(key) } })
  const proof = async () => ({
    client_assertion_type: jwtBearer,
    client_assertion: await assertion(key, signed.client, `${clinic.root}/auth/token`),
  })
  const { json } = await exchange(clinic, signed, await codeFor(clinic, signed), await proof())
  assert.ok(json.access_token)
  assert.equal((await refresh(clinic, signed, json.refresh_token, await proof())).status, 200)
  const { json: next } = await exchange(clinic, signed, await codeFor(clinic, signed), await proof())
  assert.equal((await refresh(clinic, signed, next.refresh_token)).status, 401, 'it must prove who it is')
})

test('the id token says who, for whom and when', async () => {
  const nonce = 'n-0S6_WzA2Mj'
  const { json } = await exchange(clinic, client, await codeFor(clinic, client, { nonce }))
  const jwks = (await app.request({ method: 'GET', url: '/north/auth/jwks' })).json
  const keys = createLocalJWKSet(jwks)
  const { payload, protectedHeader } = await jwtVerify(json.id_token, keys, {
    issuer: clinic.root,
    audience: client.client,
  })
  assert.equal(protectedHeader.alg, 'RS256')
  assert.equal(payload.nonce, nonce)
  assert.equal(payload.fhirUser, `${clinic.base}/Patient/p1`)
  assert.equal(payload.profile, payload.fhirUser)
  assert.ok(payload.sub && payload.sub.length <= 255 && !payload.sub.includes('ann'))
  assert.ok(Number(payload.exp) > Date.now() / 1000)
  assert.ok(Math.abs(Number(payload.auth_time) - Date.now() / 1000) < 60)
  const again = await exchange(clinic, client, await codeFor(clinic, client))
  const second = await jwtVerify(again.json.id_token, keys)
  assert.equal(second.payload.sub, payload.sub, 'the same person')
  const { json: doctor } = await exchange(
    clinic,
    client,
    await codeFor(clinic, client, { username: 'dr', scope: 'openid profile user/Patient.rs' }),
  )
  const third = await jwtVerify(doctor.id_token, keys)
  assert.notEqual(third.payload.sub, payload.sub)
  assert.equal(third.payload.fhirUser, `${clinic.base}/Practitioner/dr1`)
})

test('without openid there is no id token, without fhirUser no fhirUser', async () => {
  const { json } = await exchange(
    clinic,
    client,
    await codeFor(clinic, client, { scope: 'fhirUser patient/Patient.rs' }),
  )
  assert.equal(json.id_token, undefined)
  const { json: bare } = await exchange(
    clinic,
    client,
    await codeFor(clinic, client, { scope: 'openid patient/Patient.rs' }),
  )
  const claims = JSON.parse(Buffer.from(bare.id_token.split('.')[1], 'base64url').toString())
  assert.equal(claims.fhirUser ?? claims.profile, undefined)
  assert.ok(claims.sub)
})

test('the person behind a token can be read with it, whatever other scopes there are', async () => {
  const scope = 'openid fhirUser launch/patient patient/Observation.rs'
  const { json } = await exchange(clinic, client, await codeFor(clinic, client, { scope }))
  assert.equal((await app.get(clinic.practice, 'Patient/p1', json.access_token)).status, 200)
})

test('userinfo tells the same of the token that the FHIR API takes (P27)', async () => {
  const { json } = await exchange(clinic, client, await codeFor(clinic, client))
  const claims = JSON.parse(Buffer.from(json.id_token.split('.')[1], 'base64url').toString())
  for (const method of ['GET', 'POST']) {
    const headers = { authorization: `Bearer ${json.access_token}` }
    const told = await app.request({ method, url: '/north/auth/userinfo', headers })
    assert.deepEqual(told.json, { sub: claims.sub, fhirUser: claims.fhirUser, profile: claims.profile })
  }
  assert.equal((await app.request({ method: 'GET', url: '/north/auth/userinfo' })).status, 401)
  const wrong = await app.request({
    method: 'GET',
    url: '/north/auth/userinfo',
    headers: { authorization: 'Bearer x' },
  })
  assert.equal(wrong.status, 401)
  assert.match(String(wrong.headers['www-authenticate']), /^Bearer .*invalid_token/)
  const { json: bare } = await exchange(clinic, client, await codeFor(clinic, client, { scope: 'patient/Patient.rs' }))
  const authorization = `Bearer ${bare.access_token}`
  assert.equal(
    (await app.request({ method: 'GET', url: '/north/auth/userinfo', headers: { authorization } })).status,
    403,
  )
})

test('introspection repeats scope, context and person (A39 to A41)', async () => {
  const { json } = await exchange(clinic, client, await codeFor(clinic, client))
  const claims = JSON.parse(Buffer.from(json.id_token.split('.')[1], 'base64url').toString())
  const introspect = (given: string) =>
    app.request({
      method: 'POST',
      url: '/north/auth/introspect',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...credentials(client) },
      payload: `token=${given}`,
    })
  const told = (await introspect(json.access_token)).json
  assert.equal(told.active, true)
  assert.equal(told.scope, usual)
  assert.equal(told.client_id, client.client)
  assert.equal(told.patient, 'p1')
  assert.deepEqual([told.iss, told.sub, told.fhirUser], [claims.iss, claims.sub, claims.fhirUser])
  assert.ok(told.exp > Date.now() / 1000)
  assert.equal((await introspect(json.refresh_token)).text, '{"active":false}')
})

test('the grant is bound to the scope that the person had to give', async () => {
  const { json } = await exchange(
    clinic,
    client,
    await codeFor(clinic, client, { username: 'dr', scope: 'user/Patient.rs' }),
  )
  assert.equal(json.patient, undefined)
  assert.equal(json.refresh_token, undefined)
  assert.equal((await app.get(clinic.practice, 'AuditEvent', json.access_token)).status, 403)
})

test('a token answer is no place for an app of another kind', async () => {
  const refused = await token(clinic, client, { grant_type: 'client_credentials', scope: 'system/*.rs' })
  assert.equal(refused.json.error, 'unauthorized_client')
  assert.equal((await token(clinic, client, { grant_type: 'password' })).status, 400)
})

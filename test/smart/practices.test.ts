/** Nothing that one practice issues is good at another (P19, S-26), and nothing is used twice (P5). */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { permitApp } from '#platform'
import { openInstallation, serverOf } from '../../src/app.ts'
import { type TestApp, testApp } from '../support/test-app.ts'
import { askToken, assertion, type Backend, backendAt, basic, jwtBearer, post, register, tokenUrl } from './apps.ts'

let app: TestApp
let north: Backend
let south: Backend

before(async () => {
  app = await testApp()
  const settings = { tokenRequestsPerMinute: '100000' }
  const practices = [await app.addPractice('north', settings), await app.addPractice('south', settings)] as const
  for (const practice of practices) await app.load(practice, [{ resourceType: 'Patient', id: 'p1' }])
  north = await backendAt(app, practices[0])
  // the same app at both
  const { client, key } = north
  south = { client, key, practice: practices[1] }
  await permitApp(app.installation.db, practices[1].number, client.client, {
    scopes: 'system/*.rs',
    types: undefined,
    groups: undefined,
  })
})
after(() => app[Symbol.asyncDispose]())

test('an access token of one practice is unknown at another', async () => {
  const { access_token } = (await askToken(app, north)).json
  assert.equal((await app.get(north.practice, 'Patient/p1', access_token)).status, 200)
  assert.equal((await app.get(south.practice, 'Patient/p1', access_token)).status, 401)
})

test('an assertion for one practice is refused at another', async () => {
  const client_assertion = await assertion(north.key, north.client.client, tokenUrl(north.practice))
  const answer = await askToken(app, south, { client_assertion })
  assert.deepEqual([answer.status, answer.json.error], [401, 'invalid_client'])
  assert.match(answer.json.error_description, /aud/)
})

test('a jti that was used at one practice is free at another', async () => {
  const claims = { jti: 'once' }
  assert.equal((await askToken(app, north, {}, { claims })).status, 200)
  assert.equal((await askToken(app, south, {}, { claims })).status, 200)
})

test('introspection and revocation at one practice do not reach the tokens of another', async () => {
  const { access_token: token } = (await askToken(app, north)).json
  const resource = await register(app, south.practice, {
    type: 'symmetric',
    scopes: 'user/*.rs',
    redirectUris: ['https://r.example/cb'],
  })
  const told = await post(app, '/south/auth/introspect', { token }, basic(resource.client, resource.secret ?? ''))
  assert.equal(told.text, '{"active":false}')
  const credentials = {
    client_assertion_type: jwtBearer,
    client_assertion: await assertion(south.key, south.client.client, tokenUrl(south.practice)),
  }
  assert.equal((await post(app, '/south/auth/revoke', { token, ...credentials })).status, 200)
  assert.equal((await app.get(north.practice, 'Patient/p1', token)).status, 200)
})

test('an app that another practice permits is not permitted here', async () => {
  const other = await backendAt(app, south.practice)
  const answer = await askToken(app, { ...other, practice: north.practice })
  assert.deepEqual([answer.status, answer.json.error], [400, 'unauthorized_client'])
})

test('each practice has signing keys of its own', async () => {
  const [one, other] = await Promise.all(
    ['north', 'south'].map(async (id) => (await app.request({ method: 'GET', url: `/${id}/auth/jwks` })).json),
  )
  const kids = (set: { keys: { kid: string }[] }) => set.keys.map(({ kid }) => kid)
  assert.equal(new Set([...kids(one), ...kids(other)]).size, 4)
})

test('one assertion in 16 parallel requests to two servers gives one token', async () => {
  await using second = await openInstallation(app.installation.settings)
  const { server } = await serverOf(second, undefined)
  const client_assertion = await assertion(north.key, north.client.client, tokenUrl(north.practice))
  const form = {
    grant_type: 'client_credentials',
    scope: 'system/*.rs',
    client_assertion_type: jwtBearer,
    client_assertion,
  }
  const payload = new URLSearchParams(form).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const answers = await Promise.all(
    Array.from({ length: 16 }, async (_, i) => {
      if (i % 2) return (await app.request({ method: 'POST', url: '/north/auth/token', headers, payload })).status
      return (await server.inject({ method: 'POST', url: '/north/auth/token', headers, payload })).statusCode
    }),
  )
  assert.deepEqual(answers.toSorted(), [200, ...Array(15).fill(401)])
  await server.close()
})

test('one assertion in 16 parallel requests to two servers introspects once', async () => {
  await using second = await openInstallation(app.installation.settings)
  const { server } = await serverOf(second, undefined)
  const client_assertion = await assertion(north.key, north.client.client, tokenUrl(north.practice))
  const payload = new URLSearchParams({ token: 'x', client_assertion_type: jwtBearer, client_assertion }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const url = '/north/auth/introspect'
  const answers = await Promise.all(
    Array.from({ length: 16 }, async (_, i) => {
      if (i % 2) return (await app.request({ method: 'POST', url, headers, payload })).status
      return (await server.inject({ method: 'POST', url, headers, payload })).statusCode
    }),
  )
  assert.deepEqual(answers.toSorted(), [200, ...Array(15).fill(401)])
  await server.close()
})

test('16 servers that need the first signing key at once agree on it', async () => {
  await using second = await openInstallation(app.installation.settings)
  const { server } = await serverOf(second, undefined)
  await app.addPractice('fresh')
  const texts = await Promise.all(
    Array.from({ length: 16 }, async (_, i) =>
      i % 2
        ? (await app.request({ method: 'GET', url: '/fresh/auth/jwks' })).text
        : (await server.inject({ url: '/fresh/auth/jwks' })).body,
    ),
  )
  assert.equal(new Set(texts).size, 1)
  await server.close()
})

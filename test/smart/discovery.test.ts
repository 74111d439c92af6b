/** What a practice's authorization server says of itself, at each address and for each dialect. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { dialectNames, dialects } from '#dialects'
import type { PracticeRecord } from '#platform'
import { type TestApp, testApp } from '../support/test-app.ts'
import { askToken, assertion, backendAt, keySet, newKey, post, register } from './apps.ts'

let app: TestApp
const practices = new Map<string, PracticeRecord>()

before(async () => {
  app = await testApp()
  for (const dialect of dialectNames) {
    practices.set(
      dialect,
      await app.addPractice(dialect, { dialect, types: 'Patient,Observation', tokenRequestsPerMinute: '100000' }),
    )
  }
})
after(() => app[Symbol.asyncDispose]())

const get = (url: string, headers: Record<string, string> = {}) => app.request({ method: 'GET', url, headers })
const practiceOf = (name: string) => practices.get(name) as PracticeRecord

for (const name of dialectNames) {
  for (const base of new Set(['/fhir/r4', ...dialects[name].fhirPaths])) {
    test(`${name} has the same smart-configuration below ${base}, also as a file (C6)`, async () => {
      const { json, headers, status } = await get(`/${name}${base}/.well-known/smart-configuration`, {
        accept: 'text/html',
      })
      assert.equal(status, 200)
      assert.match(String(headers['content-type']), /^application\/json/)
      assert.deepEqual(json, (await get(`/${name}/fhir/r4/.well-known/smart-configuration.json`)).json)
      assert.equal(json.token_endpoint, `http://localhost:8080/${name}/auth/token`)
    })
  }

  test(`at ${name} the CapabilityStatement names the same addresses as smart-configuration, in every URL`, async () => {
    const discovered = (await get(`/${name}/fhir/r4/.well-known/smart-configuration`)).json
    const { security } = (await get(`/${name}/fhir/r4/metadata`)).json.rest[0]
    const [uris] = security.extension
    assert.equal(uris.url, 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris')
    assert.equal(security.service[0].coding[0].code, 'SMART-on-FHIR')
    const stated = new Map(
      uris.extension.map(({ url, valueUri }: { url: string; valueUri: string }) => [url, valueUri]),
    )
    const members = {
      authorize: 'authorization_endpoint',
      token: 'token_endpoint',
      register: 'registration_endpoint',
      manage: 'management_endpoint',
      introspect: 'introspection_endpoint',
      revoke: 'revocation_endpoint',
    }
    for (const [uri, member] of Object.entries(members)) assert.equal(stated.get(uri), discovered[member], uri)
    assert.ok(stated.get('token'))
  })

  for (const path of ['/auth/token', ...dialects[name].tokenPaths]) {
    test(`at ${name} an assertion may name ${path} wherever it is posted`, async () => {
      const practice = practiceOf(name)
      const backend = await backendAt(app, practice)
      for (const posted of ['/auth/token', ...dialects[name].tokenPaths]) {
        const text = await assertion(backend.key, backend.client.client, `http://localhost:8080/${name}${path}`)
        const form = {
          grant_type: 'client_credentials',
          scope: 'system/*.rs',
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: text,
        }
        const answer = await post(app, `/${name}${posted}?provider=idx`, form)
        assert.equal(answer.status, 200, answer.text)
        assert.equal(answer.json.expires_in, dialects[name].tokenSeconds.backend)
      }
    })
  }

  for (const path of dialects[name].tokenPaths) {
    test(`${path} is known at ${name} only`, async () => {
      for (const other of dialectNames.filter((one) => one !== name)) {
        assert.equal((await post(app, `/${other}${path}`, {})).status, 404, other)
      }
    })
  }
}

test('a base of another dialect has no smart-configuration', async () => {
  assert.equal((await get('/standard/integra/fhir/r4/.well-known/smart-configuration')).status, 404)
})

test('discovery claims what there is for backend services', async () => {
  const { json } = await get('/standard/fhir/r4/.well-known/smart-configuration')
  assert.ok(json.grant_types_supported.includes('client_credentials'))
  assert.ok(json.token_endpoint_auth_methods_supported.includes('private_key_jwt'))
  assert.deepEqual(json.token_endpoint_auth_signing_alg_values_supported.toSorted(), ['ES384', 'RS384'])
  for (const capability of ['client-confidential-asymmetric', 'permission-v1', 'permission-v2']) {
    assert.ok(json.capabilities.includes(capability), capability)
  }
  assert.ok(!('registration_endpoint' in json))
})

test('the scopes that discovery names are those of the types that the practice offers (A44)', async () => {
  const { scopes_supported: scopes } = (await get('/standard/fhir/r4/.well-known/smart-configuration')).json
  assert.ok(
    scopes.includes('system/*.rs') && scopes.includes('system/Patient.rs') && scopes.includes('system/Observation.rs'),
  )
  assert.ok(!scopes.some((scope: string) => scope.includes('Condition') || scope.includes('cruds')))
  const backend = await backendAt(app, practiceOf('standard'))
  for (const scope of scopes.filter((one: string) => one.startsWith('system/'))) {
    assert.equal((await askToken(app, backend, { scope })).json.scope, scope)
  }
})

test('a practice that takes writes says so in its scopes', async () => {
  await app.addPractice('writing', { writes: 'on', types: 'Patient' })
  const { scopes_supported: scopes } = (await get('/writing/fhir/r4/.well-known/smart-configuration')).json
  assert.ok(scopes.includes('system/Patient.cruds'))
})

test('openid-configuration names the issuer and where its keys are', async () => {
  const { json, headers } = await get('/standard/.well-known/openid-configuration')
  assert.match(String(headers['content-type']), /^application\/json/)
  assert.equal(json.issuer, 'http://localhost:8080/standard')
  assert.equal(json.jwks_uri, 'http://localhost:8080/standard/auth/jwks')
  assert.equal(json.token_endpoint, 'http://localhost:8080/standard/auth/token')
})

test('the key set has the key that signs and the one after it, and no private part (A21, S-29)', async () => {
  const { json, headers } = await get('/standard/auth/jwks')
  assert.equal(json.keys.length, 2)
  for (const key of json.keys) {
    assert.deepEqual(Object.keys(key).sort(), ['alg', 'e', 'kid', 'kty', 'n', 'use'])
    assert.deepEqual([key.kty, key.alg, key.use], ['RSA', 'RS256', 'sig'])
  }
  assert.match(String(headers['cache-control']), /max-age=300/)
  assert.deepEqual((await get('/standard/auth/jwks')).json, json)
})

test('no address follows the Host header, nor do audiences (P12)', async () => {
  const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' }
  for (const path of [
    'fhir/r4/.well-known/smart-configuration',
    '.well-known/openid-configuration',
    'fhir/r4/metadata',
  ]) {
    assert.doesNotMatch((await get(`/standard/${path}`, headers)).text, /evil/, path)
  }
  const backend = await backendAt(app, practiceOf('standard'))
  const text = await assertion(backend.key, backend.client.client, 'http://evil.example/standard/auth/token')
  const form = {
    grant_type: 'client_credentials',
    scope: 'system/*.rs',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: text,
  }
  const answer = await post(app, '/standard/auth/token', form, headers)
  assert.equal(answer.status, 401)
  assert.doesNotMatch(String(answer.headers['www-authenticate']), /evil/)
})

test('the modmed dialect adds its members to a token answer (C26) and takes its client as it is (MMB-3)', async () => {
  const backend = await backendAt(app, practiceOf('modmed'))
  const path = '/modmed/auth/realms/fhir/protocol/openid-connect/token'
  const text = await assertion(backend.key, backend.client.client, `http://localhost:8080${path}`, {
    claims: { iat: undefined },
  })
  const form = {
    client_id: backend.client.client,
    scope: 'system/Patient.rs\\ system/Patient.rs system/Observation.rs openid online_access',
    encryption_method: 'ES384',
    grant_type: 'client_credentials',
    client_assertion: text,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  }
  const { json } = await post(app, path, form)
  assert.deepEqual(
    { ...json, access_token: '' },
    {
      ...{ access_token: '', token_type: 'Bearer', expires_in: 1800, scope: 'system/Patient.rs system/Observation.rs' },
      ...{ allowedFhirUrl: 'http://localhost:8080/modmed/fhir/r4', refresh_expires_in: 0, 'not-before-policy': 0 },
    },
  )
  assert.equal(
    (
      await app.request({
        method: 'GET',
        url: '/modmed/fhir/r4/Patient',
        headers: { authorization: `Bearer ${json.access_token}` },
      })
    ).status,
    200,
  )
})

test('an app that serves one practice may leave its name out of the token path of its dialect, and no other app may', async () => {
  const practice = practiceOf('modmed')
  const path = '/auth/realms/fhir/protocol/openid-connect/token'
  const key = newKey('k1')
  const keys = { set: keySet(key) }
  const only = await register(app, practice, { type: 'backend', keys, onlyPractice: practice.number })
  const any = await register(app, practice, { type: 'backend', keys })
  const ask = async (client: string, url: string, audience = `http://localhost:8080${path}`) => {
    const form = {
      grant_type: 'client_credentials',
      scope: 'system/*.rs',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await assertion(key, client, audience),
    }
    return post(app, url, form)
  }
  const given = await ask(only.client, path)
  assert.deepEqual([given.status, given.json.allowedFhirUrl], [200, 'http://localhost:8080/modmed/fhir/r4'], given.text)
  assert.equal((await ask(only.client, `/modmed${path}`)).status, 200)
  assert.equal((await ask(only.client, path, `http://localhost:8080/modmed${path}`)).status, 200)
  assert.deepEqual((await ask(any.client, path)).json.error, 'invalid_client')
  assert.match((await ask(any.client, `/modmed${path}`)).json.error_description, /its aud/)
  assert.equal((await ask('nobody', path)).status, 401)
  const elsewhere = practiceOf('standard')
  const other = await register(app, elsewhere, { type: 'backend', keys, onlyPractice: elsewhere.number })
  assert.equal((await ask(other.client, path)).status, 404)
})

test('pages of any origin read discovery (A13)', async () => {
  for (const path of [
    'fhir/r4/.well-known/smart-configuration',
    'fhir/r4/metadata',
    '.well-known/openid-configuration',
    'auth/jwks',
  ]) {
    const { headers } = await get(`/standard/${path}`, { origin: 'https://anywhere.example' })
    assert.ok(['*', 'https://anywhere.example'].includes(String(headers['access-control-allow-origin'])), path)
  }
})

test('what an app is told at the token endpoint, pages of its own origins may read and others may not', async () => {
  const key = newKey('k1')
  const client = await register(app, practiceOf('standard'), {
    ...{ type: 'asymmetric', keys: { set: keySet(key) }, scopes: 'system/*.rs' },
    ...{ redirectUris: ['https://app.example/cb'], origins: ['https://other.example'] },
  })
  const backend = { practice: practiceOf('standard'), client, key }
  async function readable(origin: string, form: Record<string, string> = {}) {
    const text = await assertion(key, client.client, 'http://localhost:8080/standard')
    const all = {
      grant_type: 'client_credentials',
      scope: 'system/*.rs',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: text,
      ...form,
    }
    const { headers } = await post(app, `/${backend.practice.id}/auth/token`, all, { origin })
    return headers['access-control-allow-origin']
  }
  assert.equal(await readable('https://app.example'), 'https://app.example')
  assert.equal(await readable('https://other.example'), 'https://other.example')
  assert.equal(await readable('https://app.example', { scope: 'nonsense' }), 'https://app.example')
  assert.equal(await readable('https://app.example.evil.example'), undefined)
  assert.equal(await readable('null'), undefined)
})

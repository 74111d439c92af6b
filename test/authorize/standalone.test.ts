import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { stylePath } from '../../src/smart/discovery/style-document.ts'
import type { TestClient } from '../smart/apps.ts'
import { type TestApp, testApp } from '../support/test-app.ts'
import { Browser } from './browser.ts'
import {
  allow,
  appAt,
  authorizeUrl,
  type Clinic,
  clinicAt,
  codeFor,
  exchange,
  refresh,
  request,
  usual,
} from './clinic.ts'

let app: TestApp
let clinic: Clinic
let client: TestClient

before(async () => {
  app = await testApp()
  clinic = await clinicAt(app, 'north')
  client = await appAt(clinic)
})
after(() => app[Symbol.asyncDispose]())

test('a patient signs in, allows all, and the app reads the record', async () => {
  const browser = new Browser(app.server)
  const page = await browser.open(authorizeUrl(clinic, request(clinic, client)))
  const answer = await allow(browser, page, 'ann')
  assert.equal(answer.get('state'), 's1')
  assert.equal(answer.get('iss'), clinic.root)
  const given = await exchange(clinic, client, answer.get('code') ?? '')
  assert.equal(given.status, 200, given.text)
  assert.match(String(given.headers['cache-control']), /no-store/)
  assert.equal(given.headers.pragma, 'no-cache')
  assert.match(String(given.headers['content-type']), /^application\/json/)
  const { access_token, token_type, expires_in, scope, patient, refresh_token, id_token } = given.json
  assert.equal(token_type, 'Bearer')
  assert.equal(expires_in, 900)
  assert.equal(scope, usual)
  assert.equal(patient, 'p1')
  assert.ok(refresh_token)
  assert.ok(id_token)
  const read = await app.get(clinic.practice, 'Patient/p1', access_token)
  assert.equal(read.status, 200, read.text)
  assert.equal((await app.get(clinic.practice, 'Patient/p2', access_token)).status, 404)
})

test('integra: offline is offline_access, and is answered as it was spelt (C22)', async () => {
  const integra = await clinicAt(app, 'east', { dialect: 'integra' })
  const own = await appAt(integra)
  const scope = 'openid offline patient/Patient.rs'
  const { json } = await exchange(integra, own, await codeFor(integra, own, { scope }))
  assert.deepEqual([json.scope, json.expires_in], [scope, 899])
  assert.ok(json.refresh_token)
  const renewed = (await refresh(integra, own, json.refresh_token, { scope: 'offline patient/Patient.r' })).json
  assert.equal(renewed.scope, 'offline patient/Patient.r')
})

test('modmed: a backslash behind a scope is taken away (C25)', async () => {
  const modmed = await clinicAt(app, 'west', { dialect: 'modmed' })
  const own = await appAt(modmed)
  const code = await codeFor(modmed, own, { scope: 'openid patient/Patient.rs\\ patient/Patient.rs' })
  assert.equal((await exchange(modmed, own, code)).json.scope, 'openid patient/Patient.rs')
})

test('discovery names all that the certification asks for (R4)', async () => {
  const { json } = await app.get(clinic.practice, '.well-known/smart-configuration')
  const wanted = `launch-ehr launch-standalone authorize-post client-public client-confidential-symmetric
    client-confidential-asymmetric sso-openid-connect context-banner context-style context-ehr-patient context-ehr-encounter
    context-standalone-patient permission-offline permission-patient permission-user permission-v1 permission-v2`
  for (const capability of wanted.split(/\s+/)) assert.ok(json.capabilities.includes(capability), capability)
  assert.deepEqual(json.code_challenge_methods_supported, ['S256'])
  for (const type of ['authorization_code', 'client_credentials', 'refresh_token']) {
    assert.ok(json.grant_types_supported.includes(type), type)
  }
})

test('the document of the style can be read by pages of any origin, without a token', async () => {
  const headers = { origin: 'https://anywhere.example' }
  const answer = await app.request({ method: 'GET', url: `/north${stylePath}`, headers })
  assert.equal(answer.status, 200)
  assert.equal(answer.headers['access-control-allow-origin'], 'https://anywhere.example')
})

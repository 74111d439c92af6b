import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { TestClient } from '../smart/apps.ts'
import { type TestApp, testApp } from '../support/test-app.ts'
import { Browser } from './browser.ts'
import { allow, appAt, authorizeUrl, type Clinic, clinicAt, exchange, request, usual } from './clinic.ts'

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

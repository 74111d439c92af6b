import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestApp, testApp } from '../support/test-app.ts'
import { askToken, type Backend, backendAt } from './apps.ts'

let app: TestApp
let backend: Backend

before(async () => {
  app = await testApp()
  backend = await backendAt(app, await app.addPractice('north', { tokenRequestsPerMinute: '100000' }))
  await app.load(backend.practice, [{ resourceType: 'Patient', id: 'p1' }])
})
after(() => app[Symbol.asyncDispose]())

test('a backend app gets a token and reads with it', async () => {
  const answer = await askToken(app, backend, { scope: 'system/Patient.rs' })
  assert.equal(answer.status, 200, answer.text)
  assert.deepEqual(Object.keys(answer.json).sort(), ['access_token', 'expires_in', 'scope', 'token_type'])
  assert.equal((await app.get(backend.practice, 'Patient/p1', answer.json.access_token)).status, 200)
  assert.equal((await app.get(backend.practice, 'Observation/p1', answer.json.access_token)).status, 403)
})

/** Apps that give a JWKS URL, against a server of theirs. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { stopClock } from '../support/clock.ts'
import { type TestApp, testApp } from '../support/test-app.ts'
import { askToken, keySet, newKey, register } from './apps.ts'

async function keyServer() {
  const state = {
    set: '{"keys":[]}',
    headers: { 'cache-control': 'no-store' } as Record<string, string>,
    status: 200,
    reads: 0,
  }
  const server = createServer((_request, response) => {
    state.reads++
    response.writeHead(state.status, state.headers).end(state.set)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}/jwks`,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  })
}

async function backendWith(app: TestApp, url: string) {
  const practice = await app.addPractice('north', { tokenRequestsPerMinute: '100000' })
  const client = await register(app, practice, { type: 'backend', keys: { url } })
  return { practice, client, key: newKey('k1') }
}

test('keys are read from the URL, and those that are gone are no longer good', async () => {
  await using keys = await keyServer()
  await using app = await testApp({ DEVELOPMENT: 'true' })
  using _ = stopClock()
  const backend = await backendWith(app, keys.url)
  keys.set = keySet(backend.key)
  assert.equal((await askToken(app, backend)).status, 200)
  const next = { ...backend, key: newKey('k2', 'RS384') }
  keys.set = keySet(next.key)
  assert.equal((await askToken(app, next)).status, 200)
  const old = await askToken(app, backend)
  assert.deepEqual([old.status, old.json.error], [401, 'invalid_client'])
  assert.match(old.json.error_description, /kid 'k1' names no EC key of the app's JWKS \(read 0 s ago\)/)
})

test('a set is read once within its max-age, also for 16 requests at once', async () => {
  await using keys = await keyServer()
  await using app = await testApp({ DEVELOPMENT: 'true' })
  const backend = await backendWith(app, keys.url)
  keys.set = keySet(backend.key)
  keys.headers = { 'cache-control': 'max-age=60' }
  const answers = await Promise.all(Array.from({ length: 16 }, () => askToken(app, backend)))
  assert.deepEqual(
    answers.map(({ status }) => status),
    Array(16).fill(200),
  )
  assert.equal((await askToken(app, backend)).status, 200)
  assert.equal(keys.reads, 1)
})

test('an assertion may name the registered URL as jku, and no other', async () => {
  await using keys = await keyServer()
  await using app = await testApp({ DEVELOPMENT: 'true' })
  const backend = await backendWith(app, keys.url)
  keys.set = keySet(backend.key)
  assert.equal((await askToken(app, backend, {}, { header: { jku: keys.url } })).status, 200)
  for (const jku of [`${keys.url}/`, keys.url.replace('127.0.0.1', 'localhost'), 'https://evil.example/jwks']) {
    const answer = await askToken(app, backend, {}, { header: { jku } })
    assert.deepEqual([answer.status, answer.json.error], [401, 'invalid_client'], jku)
    assert.match(answer.json.error_description, /jku/)
  }
})

test('a URL that does not answer is invalid_client, with what its owner has to mend', async () => {
  await using keys = await keyServer()
  await using app = await testApp({ DEVELOPMENT: 'true' })
  using _ = stopClock()
  const backend = await backendWith(app, keys.url)
  keys.status = 503
  const answer = await askToken(app, backend)
  assert.deepEqual([answer.status, answer.json.error], [401, 'invalid_client'])
  assert.match(answer.json.error_description, /JWKS URL: it answered 503/)
  const again = await askToken(app, backend)
  assert.match(again.json.error_description, /tried again in \d s/)
  assert.equal(keys.reads, 1)
})

test('a set with private keys still verifies, by their public part', async () => {
  await using keys = await keyServer()
  await using app = await testApp({ DEVELOPMENT: 'true' })
  const backend = await backendWith(app, keys.url)
  keys.set = JSON.stringify({ keys: [{ ...backend.key.privateKey.export({ format: 'jwk' }), kid: 'k1' }] })
  assert.equal((await askToken(app, backend)).status, 200)
})

test('without DEVELOPMENT=true no address of this machine is called, however it came to be registered', async () => {
  await using keys = await keyServer()
  await using app = await testApp()
  const backend = await backendWith(app, keys.url)
  for (const url of [keys.url, keys.url.replace('http:', 'https:')]) {
    const client = await register(app, backend.practice, { type: 'backend', keys: { url } })
    const answer = await askToken(app, { ...backend, client })
    assert.deepEqual([answer.status, answer.json.error], [401, 'invalid_client'])
    assert.match(answer.json.error_description, /not https|public internet/)
  }
  assert.equal(keys.reads, 0)
})

/** What the log keeps of tokens, what a call with one costs, and where the addresses of a practice stand. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { issueAccessToken } from '#smart'
import { openInstallation, serverOf } from '../../src/app.ts'
import { keptMs, moveClock, stopClock } from '../support/clock.ts'
import { type TestApp, testApp } from '../support/test-app.ts'
import { askToken, assertion, type Backend, backendAt, basic, jwtBearer, post, register, tokenUrl } from './apps.ts'

let app: TestApp
let backend: Backend

before(async () => {
  app = await testApp()
  const practice = await app.addPractice('north', { tokenRequestsPerMinute: '100000' })
  await app.load(practice, [{ resourceType: 'Patient', id: 'p1' }])
  backend = await backendAt(app, practice)
})
after(() => app[Symbol.asyncDispose]())

test('every grant, refusal and revocation is in the log with its app, and no secret is (S-21)', async () => {
  await using installation = await openInstallation(app.installation.settings)
  const lines: string[] = []
  const { server } = await serverOf(installation, { write: (line) => void lines.push(line) })
  const { client } = backend.client
  const send = async (url: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
    server.inject({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      payload: new URLSearchParams(form).toString(),
    })
  const newAssertion = () => assertion(backend.key, client, tokenUrl(backend.practice))
  const [first, second] = [await newAssertion(), await newAssertion()]
  const form = { grant_type: 'client_credentials', scope: 'system/*.rs', client_assertion_type: jwtBearer }
  const granted = (await send('/north/auth/token', { ...form, client_assertion: first })).json()
  await send('/north/auth/token', { ...form, client_assertion: first })
  await send('/north/auth/revoke', {
    token: granted.access_token,
    client_assertion_type: jwtBearer,
    client_assertion: second,
  })
  await send('/north/auth/token', {
    grant_type: 'client_credentials',
    client_id: 'planted-client',
    client_secret: 'planted-secret',
  })
  await send('/north/auth/introspect', { token: 'planted-token' }, basic('planted-client', 'planted-secret'))
  await server.close()

  const events = lines.map((line) => JSON.parse(line)).filter(({ event }) => event !== 'request')
  const told = events.map(({ event, client: of, grant, scope, issue, practice }) => ({
    event,
    of,
    grant,
    scope,
    issue,
    practice,
  }))
  const shared = { of: client, practice: 'north' }
  assert.deepEqual(told.slice(0, 3), [
    { ...shared, event: 'grant', grant: 'client_credentials', scope: 'system/*.rs', issue: undefined },
    { ...shared, event: 'refusal', grant: undefined, scope: undefined, issue: 'invalid_client' },
    { ...shared, event: 'revocation', grant: undefined, scope: 'system/*.rs', issue: undefined },
  ])
  assert.deepEqual(
    told.slice(3).map(({ event, issue }) => [event, issue]),
    [
      ['refusal', 'invalid_client'],
      ['refusal', 'invalid_client'],
    ],
  )
  for (const secret of [first, second, granted.access_token, 'planted-', backend.key.jwk.x as string]) {
    assert.ok(!lines.join('').includes(secret), 'a secret is in the log')
  }
  assert.ok(lines.some((line) => line.includes('"interaction":"token"') && line.includes(`"client":"${client}"`)))
})

/** Until it is disposed of nothing that is remembered grows old; what had done so is asked again by the next request. */
function remembering(): Disposable {
  moveClock(keptMs)
  return stopClock()
}

test('a read with a token of an app that is known is one statement', async () => {
  using _ = remembering()
  const { access_token: token } = (await askToken(app, backend)).json
  await app.get(backend.practice, 'Patient/p1', token)
  app.takeStatements()
  assert.equal((await app.get(backend.practice, 'Patient/p1', token)).status, 200)
  assert.equal(app.takeStatements().length, 1)
})

test('a token by client_credentials is one statement', async () => {
  using _ = remembering()
  await askToken(app, backend)
  app.takeStatements()
  assert.equal((await askToken(app, backend)).status, 200)
  assert.equal(app.takeStatements().length, 1)
})

test('a token whose app is registered nowhere opens nothing', async () => {
  const { number: practice } = backend.practice
  const grant = {
    practice,
    client: 'nobody',
    scope: 'system/*.rs user/*.rs',
    user: 'Practitioner/1',
    patients: [],
    seconds: 60,
  }
  const token = await issueAccessToken(app.installation.db, grant)
  for (const path of ['Patient/p1', 'Patient', 'Practitioner', '_history', 'Patient/p1/$everything']) {
    assert.equal((await app.get(backend.practice, path, token)).status, 403, path)
  }
})

test('who sends what is no id of an app gets no further than a stranger, however long it is', async () => {
  for (const client of ['x'.repeat(100_000), '\0', "' or 1=1 --", '../..', 'é'.repeat(200)]) {
    const answer = await post(app, '/north/auth/revoke', { token: 'x', client_id: client })
    assert.ok([400, 401].includes(answer.status), answer.text)
    assert.ok(answer.text.length < 1000)
  }
})

test('a practice with a host name of its own has its addresses there, whatever host is called', async () => {
  const practice = await app.addPractice('south', { hostName: 'fhir.south.example' })
  const south = await backendAt(app, practice)
  const url = '/south/fhir/r4/.well-known/smart-configuration'
  const { json } = await app.request({ method: 'GET', url })
  assert.equal(json.token_endpoint, 'http://fhir.south.example:8080/auth/token')
  await app.request({ method: 'GET', url: '/healthz', headers: { host: 'fhir.south.example' } })
  const form = async () => ({
    grant_type: 'client_credentials',
    scope: 'system/*.rs',
    client_assertion_type: jwtBearer,
    client_assertion: await assertion(south.key, south.client.client, json.token_endpoint),
  })
  for (const [path, host] of [
    ['/south/auth/token', 'localhost'],
    ['/auth/token', 'fhir.south.example'],
  ] as const) {
    let answer = await post(app, path, await form(), { host })
    // host names are read in the background
    for (let tries = 0; answer.status === 404 && tries < 600; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      answer = await post(app, path, await form(), { host })
    }
    assert.equal(answer.status, 200, answer.text)
  }
})

test('an app with a secret proves itself at the token endpoint by Basic before it is told that this is not its grant', async () => {
  const client = await register(app, backend.practice, {
    type: 'symmetric',
    scopes: 'patient/*.rs',
    redirectUris: ['https://a.example/cb'],
  })
  const form = { grant_type: 'client_credentials', scope: 'system/*.rs' }
  const good = await post(app, '/north/auth/token', form, basic(client.client, client.secret ?? ''))
  assert.deepEqual([good.status, good.json.error], [400, 'unauthorized_client'])
  const bad = await post(app, '/north/auth/token', form, basic(client.client, 'x'))
  assert.deepEqual([bad.status, bad.json.error], [401, 'invalid_client'])
  const other = await post(
    app,
    '/north/auth/token',
    { ...form, client_id: 'other' },
    basic(client.client, client.secret ?? ''),
  )
  assert.deepEqual([other.status, other.json.error], [400, 'invalid_request'])
})

/** What a backend app gets is what it registered, as far as the practice permits it; and how either takes it away. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { addApp, permitApp, readRegistration, setAppState, setPermissionState } from '#platform'
import { switchApp, switchAppAt } from '#smart'
import { openInstallation, serverOf } from '../../src/app.ts'
import { keptMs, moveClock } from '../support/clock.ts'
import { type TestApp, testApp } from '../support/test-app.ts'
import { acting, askToken, type Backend, backendAt, keySet, newKey, register } from './apps.ts'

let app: TestApp
let backend: Backend

before(async () => {
  app = await testApp()
  const practice = await app.addPractice('north', { tokenRequestsPerMinute: '100000', name: 'North Clinic' })
  await app.load(practice, [
    { resourceType: 'Patient', id: 'p1' },
    {
      resourceType: 'Observation',
      id: 'o1',
      status: 'final',
      code: { text: 'x' },
      subject: { reference: 'Patient/p1' },
    },
  ])
  backend = await backendAt(
    app,
    practice,
    'system/Patient.rs system/Observation.rs?category=laboratory system/Group.cruds',
  )
})
after(() => app[Symbol.asyncDispose]())

// biome-ignore format: a table
for (const [asked, granted] of [
  ['system/Patient.rs',                                   'system/Patient.rs'],
  ['system/Patient.read',                                 'system/Patient.read'],
  ['system/Patient.r',                                    'system/Patient.r'],
  ['system/*.rs',                                         'system/Patient.rs system/Observation.rs?category=laboratory system/Group.rs'],
  ['system/*.read system/Patient.rs',                     'system/Patient.rs system/Observation.rs?category=laboratory system/Group.rs'],
  ['system/Patient.cruds',                                'system/Patient.rs'],
  ['system/Observation.rs',                               'system/Observation.rs?category=laboratory'],
  ['system/Observation.rs?category=laboratory&status=final', 'system/Observation.rs?category=laboratory&status=final'],
  ['system/Patient.rs system/Nonsense.rs system/Patient.dus', 'system/Patient.rs'],
  ['system/Patient.rs openid online_access launch',       'system/Patient.rs'],
  ['system/Patient.rs user/*.rs patient/*.rs',            'system/Patient.rs'],
  ['system/Patient.rs system/Patient.rs',                 'system/Patient.rs'],
] as const) {
  test(`who asks "${asked}" gets "${granted}"`, async () => {
    const answer = await askToken(app, backend, { scope: asked })
    assert.equal(answer.status, 200, answer.text)
    assert.equal(answer.json.scope, granted)
  })
}

for (const asked of [
  'system/Condition.rs',
  'system/Patient.c',
  'user/*.rs',
  'openid',
  'nonsense',
  'system/*.dus',
  'system/Nonsense.rs',
]) {
  test(`who asks "${asked}" alone gets invalid_scope, and is told what is permitted`, async () => {
    const answer = await askToken(app, backend, { scope: asked })
    assert.deepEqual([answer.status, answer.json.error], [400, 'invalid_scope'], answer.text)
    assert.match(answer.json.error_description, /system\/Patient.rs system\/Observation.rs\?category=laboratory/)
  })
}

describe('changes are seen', () => {
  test("the practice's permission narrows scopes and types, at once for tokens that are held", async () => {
    const other = await backendAt(app, backend.practice)
    const before = (await askToken(app, other)).json.access_token
    assert.equal((await app.get(backend.practice, 'Observation/o1', before)).status, 200)
    const { db } = app.installation
    const { number } = backend.practice
    await permitApp(db, number, other.client.client, { scopes: 'system/*.rs', types: ['Patient'], groups: undefined })
    moveClock(keptMs)
    assert.equal((await app.get(backend.practice, 'Observation/o1', before)).status, 403)
    assert.equal((await app.get(backend.practice, 'Patient/p1', before)).status, 200)
    assert.equal((await askToken(app, other)).json.scope, 'system/Patient.rs')
  })

  test('within five seconds no process gives a token to an app that is off, and what it gave until then is dead', async () => {
    const one = await backendAt(app, backend.practice)
    assert.equal((await askToken(app, one)).status, 200)
    await switchAppAt(acting(app), backend.practice, {
      client: one.client.client,
      state: 'suspended',
      reason: 'a complaint',
    })
    const late = await askToken(app, one) // this process has not heard of it yet
    moveClock(keptMs)
    const refused = await askToken(app, one)
    assert.deepEqual([refused.status, refused.json.error], [400, 'unauthorized_client'])
    assert.match(refused.json.error_description, /North Clinic has suspended this app: a complaint/)
    if (late.status === 200)
      assert.equal((await app.get(backend.practice, 'Patient/p1', late.json.access_token)).status, 403)
    await switchAppAt(acting(app), backend.practice, { client: one.client.client, state: 'enabled' })
    moveClock(keptMs)
    assert.equal((await askToken(app, one)).status, 200)
  })
})

test('an app that a practice has not permitted gets nothing, and is told whom to ask', async () => {
  const key = newKey('k1')
  const registration = { name: 'x', type: 'backend', scopes: 'system/*.rs', keys: { set: keySet(key) } }
  const client = await addApp(app.installation.db, readRegistration(registration, { isDevelopment: false }), 'approved')
  const answer = await askToken(app, { practice: backend.practice, client, key })
  assert.deepEqual([answer.status, answer.json.error], [400, 'unauthorized_client'])
  assert.match(answer.json.error_description, new RegExp(`North Clinic has not approved this app.*${client.client}`))
})

for (const [state, sentence] of [
  ['draft', /is draft at the platform/],
  ['in-review', /is in-review at the platform/],
  ['rejected', /is rejected at the platform/],
  ['suspended', /is suspended at the platform: it lost its key/],
  ['retired', /is retired at the platform/],
  ['sandbox', /works at the practice 'sandbox' only/],
] as const) {
  test(`an app that is ${state} gets no token at a practice`, async () => {
    const other = await backendAt(app, backend.practice)
    await setAppState(app.installation.db, other.client.client, { state, reason: 'it lost its key' })
    const answer = await askToken(app, other)
    assert.deepEqual([answer.status, answer.json.error], [400, 'unauthorized_client'])
    assert.match(answer.json.error_description, sentence)
  })
}

test('an app in the sandbox state works at the practice of that name', async () => {
  const sandbox = await backendAt(app, await app.addPractice('sandbox'))
  await setAppState(app.installation.db, sandbox.client.client, { state: 'sandbox' })
  assert.equal((await askToken(app, sandbox)).status, 200)
})

for (const [what, off] of [
  [
    'a practice switches off',
    (client: string) => switchAppAt(acting(app), backend.practice, { client, state: 'disabled' }),
  ],
  [
    'a practice suspends',
    (client: string) => switchAppAt(acting(app), backend.practice, { client, state: 'suspended', reason: 'r' }),
  ],
  ['the platform suspends', (client: string) => switchApp(acting(app), { client, state: 'suspended' })],
] as const) {
  test(`the tokens of an app that ${what} end at once at every process, and no other app's do`, async () => {
    await using installation = await openInstallation(app.installation.settings)
    const { server } = await serverOf(installation, undefined)
    const [one, other] = [await backendAt(app, backend.practice), await backendAt(app, backend.practice)]
    const [token, kept] = await Promise.all(
      [one, other].map(async (each) => (await askToken(app, each)).json.access_token as string),
    )
    const read = (bearer: string | undefined) =>
      server.inject({ url: '/north/fhir/r4/Patient/p1', headers: { authorization: `Bearer ${bearer}` } })
    assert.equal((await read(token)).statusCode, 200)
    assert.equal(await off(one.client.client), 1)
    const refused = await read(token)
    assert.equal(refused.statusCode, 401)
    assert.match(String(refused.headers['www-authenticate']), /error="invalid_token"/)
    assert.equal((await app.get(backend.practice, 'Patient/p1', token)).status, 401)
    assert.equal((await read(kept)).statusCode, 200)
    await server.close()
  })
}

test('an app of one practice works at no other, whatever that permits', async () => {
  const south = await app.addPractice('south')
  const key = newKey('k1')
  const keys = { set: keySet(key) }
  const client = await register(app, backend.practice, { type: 'backend', keys, onlyPractice: backend.practice.number })
  await permitApp(app.installation.db, south.number, client.client, {
    scopes: 'system/*.rs',
    types: undefined,
    groups: undefined,
  })
  assert.equal((await askToken(app, { practice: backend.practice, client, key })).status, 200)
  const answer = await askToken(app, { practice: south, client, key })
  assert.deepEqual([answer.status, answer.json.error], [400, 'unauthorized_client'])
})

test('setPermissionState() of an app that the practice never permitted changes nothing', async () => {
  assert.equal(
    await setPermissionState(app.installation.db, backend.practice.number, 'nobody', { state: 'enabled' }),
    false,
  )
})

for (const type of ['public', 'symmetric'] as const) {
  test(`an app of type ${type} may not use client_credentials (A34)`, async () => {
    const client = await register(app, backend.practice, {
      type,
      scopes: 'patient/*.rs',
      redirectUris: ['https://app.example/cb'],
    })
    const form = {
      client_assertion: '',
      client_assertion_type: '',
      client_id: client.client,
      ...(client.secret && { client_secret: client.secret }),
    }
    const answer = await askToken(app, { ...backend, client }, form)
    assert.deepEqual([answer.status, answer.json.error], [400, 'unauthorized_client'])
  })
}

test('an app with keys and users gets no system/ scope that it did not register', async () => {
  const key = newKey('k1')
  const shared = { type: 'asymmetric', keys: { set: keySet(key) }, redirectUris: ['https://app.example/cb'] }
  const client = await register(app, backend.practice, { ...shared, scopes: 'patient/*.rs' })
  const answer = await askToken(app, { ...backend, client, key })
  assert.deepEqual([answer.status, answer.json.error], [400, 'invalid_scope'])
})

test('who asks too often is told when to try again', async () => {
  const busy = await backendAt(app, await app.addPractice('busy', { tokenRequestsPerMinute: '10' }))
  const answers = []
  for (let i = 0; i < 25; i++) answers.push(await askToken(app, busy)) // a minute may end in between
  const limited = answers.find(({ status }) => status === 429)
  assert.ok(limited, 'no request was too many')
  assert.equal(limited.json.error, 'slow_down')
  assert.ok(Number(limited.headers['retry-after']) >= 1)
})

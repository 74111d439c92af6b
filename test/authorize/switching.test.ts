/** Whoever switches an app off ends what it was given, for good; and each act of an administrator is told. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { operatorLaunch, permitAppAt, switchApp, switchAppAt } from '#smart'
import { smartPartsOf } from '../../src/app.ts'
import { acting, type TestClient } from '../smart/apps.ts'
import { stopClock } from '../support/clock.ts'
import { type TestApp, testApp } from '../support/test-app.ts'
import { Browser } from './browser.ts'
import { appAt, authorizeUrl, type Clinic, clinicAt, codeFor, exchange, refresh, request } from './clinic.ts'

let app: TestApp
let north: Clinic
let south: Clinic

before(async () => {
  app = await testApp()
  north = await clinicAt(app, 'north')
  south = await clinicAt(app, 'south')
})
after(() => app[Symbol.asyncDispose]())

/** Everything that an app can hold: tokens, a code, a launch, a request that waits for its person. */
async function holdings(clinic: Clinic, client: TestClient) {
  const { access_token, refresh_token } = (await exchange(clinic, client, await codeFor(clinic, client))).json
  const code = await codeFor(clinic, client)
  const practice = await app.installation.directory.named(clinic.practice.id)
  assert.ok(practice)
  const parts = smartPartsOf(app.installation, () => undefined)
  const { launch } = await operatorLaunch(parts, practice, { app: client.client, user: 'dr', patient: 'p1' })
  const browser = new Browser(app.server)
  const { url } = await browser.open(authorizeUrl(clinic, request(clinic, client)))
  return {
    /** What of it works. */
    async works() {
      const launched = await new Browser(app.server).open(
        authorizeUrl(clinic, request(clinic, client, { launch, scope: 'launch openid user/Patient.rs' })),
      )
      const answers = {
        access: (await app.get(clinic.practice, 'Patient/p1', access_token)).status === 200,
        refresh: (await refresh(clinic, client, refresh_token)).status === 200,
        code: (await exchange(clinic, client, code)).status === 200,
        launch: launched.status === 200,
        request: (await browser.open(url)).status === 200,
      }
      return Object.entries(answers).flatMap(([name, does]) => (does ? [name] : []))
    },
  }
}

test('what an app holds works, as the next tests need', async () => {
  const client = await appAt(north)
  const all = ['access', 'refresh', 'code', 'launch', 'request']
  assert.deepEqual(await (await holdings(north, client)).works(), all)
})

for (const state of ['disabled', 'suspended'] as const) {
  test(`an app that a practice has ${state} and enabled again has nothing of what it held there, and all elsewhere`, async () => {
    const client = await appAt(north)
    const permission = { client: client.client, scopes: client.record.scopes, types: undefined, groups: undefined }
    await permitAppAt(acting(app), south.practice, permission)
    const [here, there] = [await holdings(north, client), await holdings(south, client)]
    await switchAppAt(acting(app), north.practice, { client: client.client, state, reason: 'why' })
    await switchAppAt(acting(app), north.practice, { client: client.client, state: 'enabled' })
    assert.deepEqual(await here.works(), [])
    assert.equal((await there.works()).length, 5)
    assert.ok(await codeFor(north, client), 'people may allow it again')
  })
}

test('an app that the platform suspended and approved again has nothing anywhere', async () => {
  const client = await appAt(north)
  const held = await holdings(north, client)
  await switchApp(acting(app), { client: client.client, state: 'suspended' })
  await switchApp(acting(app), { client: client.client, state: 'approved' })
  assert.deepEqual(await held.works(), [])
})

test('an app that is approved after the sandbox keeps what it has there', async () => {
  const sandbox = await clinicAt(app, 'sandbox')
  const client = await appAt(sandbox)
  await switchApp(acting(app), { client: client.client, state: 'sandbox' })
  const held = await holdings(sandbox, client)
  await switchApp(acting(app), { client: client.client, state: 'approved' })
  assert.equal((await held.works()).length, 5)
})

for (const [how, turnOn] of [
  ['enabled', (client: string) => switchAppAt(acting(app), north.practice, { client, state: 'enabled' })],
  [
    'permitted',
    (client: string) =>
      permitAppAt(acting(app), north.practice, { client, scopes: 'patient/*.rs', types: undefined, groups: undefined }),
  ],
] as const) {
  test(`what a process gave that had not heard yet ends when the app is ${how} again`, async () => {
    using _ = stopClock() // it hears of nothing
    const client = await appAt(north)
    assert.ok(await codeFor(north, client), 'this process knows it')
    await switchAppAt(acting(app), north.practice, { client: client.client, state: 'disabled' })
    const late = (await exchange(north, client, await codeFor(north, client))).json
    assert.ok(late.access_token, 'and has not heard of the change')
    await turnOn(client.client)
    assert.equal((await app.get(north.practice, 'Patient/p1', late.access_token)).status, 401)
    assert.equal((await refresh(north, client, late.refresh_token)).json.error, 'invalid_grant')
  })
}

test('switching on what is on ends nothing', async () => {
  const client = await appAt(north)
  const { access_token } = (await exchange(north, client, await codeFor(north, client))).json
  assert.equal(await switchAppAt(acting(app), north.practice, { client: client.client, state: 'enabled' }), 0)
  assert.equal(await switchApp(acting(app), { client: client.client, state: 'approved' }), 0)
  assert.equal((await app.get(north.practice, 'Patient/p1', access_token)).status, 200)
})

test('each act is told, with who did it and what ended', async () => {
  const client = await appAt(north)
  await exchange(north, client, await codeFor(north, client))
  const told: object[] = []
  const ada = { ...acting(app), report: (event: object) => void told.push(event), user: 'ada', request: 'r1' }
  const { client: id } = client
  await switchAppAt(ada, north.practice, { client: id, state: 'suspended', reason: 'why' })
  await permitAppAt(ada, north.practice, { client: id, scopes: 'patient/*.rs', types: undefined, groups: undefined })
  await switchApp(ada, { client: id, state: 'retired' })
  const shared = { event: 'app-change', client: id, user: 'ada', request: 'r1' }
  assert.deepEqual(told, [
    { ...shared, change: 'switched', practice: 'north', state: 'suspended', reason: 'why', ended: 1 },
    { ...shared, change: 'permitted', practice: 'north', state: 'enabled', scope: 'patient/*.rs' },
    { ...shared, change: 'switched', practice: undefined, state: 'retired', ended: 0 },
  ])
})

/** What most app makers begin with: the fhirclient library, in a real browser. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import type { Registration } from '#platform'
import { type Clinic, clinicAt, password } from '../authorize/clinic.ts'
import { charthouse } from '../cli/command.ts'
import { keySet, newKey, register, type TestClient } from '../smart/apps.ts'
import { type AppServer, appServer } from './app-server.ts'
import { openChromium } from './chromium.ts'
import { type Listening, listening } from './listening.ts'

const { browser, missing } = await openChromium()
const options = { skip: missing ?? false, timeout: 300_000 }
const scope = 'openid fhirUser launch/patient offline_access patient/Patient.rs patient/Observation.rs'

let server: Listening
let clinic: Clinic
let base: string
let apps: AppServer

before(async () => {
  if (!browser) return
  server = await listening()
  clinic = await clinicAt(server.app, 'north')
  base = `${server.origin}/north/fhir/r4`
  apps = await appServer()
})

after(async () => {
  await browser?.close()
  await apps?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
})

/** A person's browser, new and without cookies. */
async function context(): Promise<BrowserContext & AsyncDisposable> {
  if (!browser) throw new Error('there is no browser')
  const made = await browser.newContext()
  made.setDefaultTimeout(60_000)
  return made
}

function registered(registration: Partial<Registration> = {}): Promise<TestClient> {
  return register(server.app, clinic.practice, {
    ...{ type: 'public', redirectUris: [`${apps.origin}/app.html`], launchUris: [`${apps.origin}/launch.html`] },
    scopes: `launch online_access ${scope}`,
    ...registration,
  })
}

function launchUrl({ client }: TestClient, more: Readonly<Record<string, string>> = {}): string {
  return `${apps.origin}/launch.html?${new URLSearchParams({ clientId: client, scope, iss: base, ...more })}`
}

async function signIn(page: Page, username = 'ann') {
  await page.getByLabel('User name').fill(username)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

async function allow(page: Page) {
  await page.getByRole('button', { name: 'Allow', exact: true }).click()
}

async function heading(page: Page, text: string) {
  await page.getByRole('heading', { name: text }).waitFor()
}

/** Asks in the app's page, as its script would; `work` sees `client`. */
function inPage<Result>(page: Page, work: string): Promise<Result> {
  return page.evaluate(`(async () => { ${work} })()`)
}

test('a public app: sign-in, consent, the chart of who signed in', options, async () => {
  await using browsing = await context()
  const page = await browsing.newPage()
  await page.goto(launchUrl(await registered()))
  await signIn(page)
  await allow(page)
  await heading(page, 'Adams')
  const [patient, user, count] = await inPage<[string, string, number]>(
    page,
    `const found = await client.request('Observation?patient=' + client.patient.id, { flat: true })
     return [client.patient.id, client.user.fhirUser, found.length]`,
  )
  assert.equal(patient, 'p1')
  assert.match(user, /Patient\/p1$/)
  assert.equal(count, 2)
})

test('a token that expires is renewed in the background, and the one after it, too', options, async () => {
  await using browsing = await context()
  const page = await browsing.newPage()
  await page.goto(launchUrl(await registered()))
  await signIn(page)
  await allow(page)
  await heading(page, 'Adams')
  const tokens = await inPage<string[]>(
    page,
    `const seen = [client.state.tokenResponse.access_token]
     for (let i = 0; i < 2; i++) {
       client.state.expiresAt = 0
       await Promise.all([client.request('Patient/p1'), client.request('Observation?patient=p1')])
       seen.push(client.state.tokenResponse.access_token)
     }
     return seen`,
  )
  assert.equal(new Set(tokens).size, 3)
})

test('an app with a secret: its backend has the token, the browser none', options, async () => {
  const app = await registered({ type: 'symmetric', redirectUris: [`${apps.origin}/app`] })
  apps.backend = { clientId: app.client, clientSecret: app.secret ?? '', scope, iss: base }
  await using browsing = await context()
  const page = await browsing.newPage()
  await page.goto(`${apps.origin}/launch`)
  await signIn(page)
  await allow(page)
  await heading(page, 'Adams')
  assert.equal(await page.evaluate('Object.keys(sessionStorage).length + Object.keys(localStorage).length'), 0)
})

for (const alg of ['ES384', 'RS384'] as const) {
  test(`an app with a key (${alg}) proves who it is by an assertion`, options, async () => {
    const key = newKey('k1', alg)
    const keys = { set: keySet(key) }
    const app = await registered({ type: 'asymmetric', keys, redirectUris: [`${apps.origin}/app`] })
    const clientPrivateJwk = { ...key.jwk, ...key.privateKey.export({ format: 'jwk' }), use: 'sig', key_ops: ['sign'] }
    apps.backend = { clientId: app.client, clientPrivateJwk, scope, iss: base }
    await using browsing = await context()
    const page = await browsing.newPage()
    await page.goto(`${apps.origin}/launch`)
    await signIn(page)
    await allow(page)
    await heading(page, 'Adams')
  })
}

test('charthouse launch: the EHR opens the app with its patient, and nobody signs in again', options, async () => {
  const app = await registered()
  const { databaseUrl = '' } = server.app.installation.settings
  const made = await charthouse(
    ['launch', '--practice', 'north', '--client', app.client, '--user', 'dr', '--patient', 'p1', '--encounter', 'e1'],
    { DATABASE_URL: databaseUrl, BASE_URL: server.origin, DEVELOPMENT: 'true' },
  )
  assert.equal(made.status, 0, made.err)
  const { launch_url: url } = JSON.parse(made.out) as { launch_url: string }
  await using browsing = await context()
  const page = await browsing.newPage()
  const own = new URLSearchParams({ clientId: app.client, scope: 'launch openid fhirUser patient/Patient.rs' })
  await page.goto(`${url}&${own}`)
  await allow(page)
  await heading(page, 'Adams')
  const [encounter, banner] = await inPage<[string, boolean]>(
    page,
    'return [client.encounter.id, client.state.tokenResponse.need_patient_banner]',
  )
  assert.deepEqual([encounter, banner], ['e1', true])
})

test('two apps in one browser: one sign-in, two tokens, each of its own patient', options, async () => {
  await using browsing = await context()
  const [one, other] = [await browsing.newPage(), await browsing.newPage()]
  await one.goto(launchUrl(await registered({ name: 'One' })))
  await other.goto(launchUrl(await registered({ name: 'Other' })))
  await signIn(one, 'guardian')
  await one.getByLabel('Brown').waitFor()
  await other.reload()
  const choose = async (page: Page, name: string) => {
    await page.getByLabel(name).check()
    await page.getByRole('button', { name: 'Continue' }).click()
    await allow(page)
  }
  await choose(other, 'Clark')
  await choose(one, 'Brown')
  await heading(one, 'Brown')
  await heading(other, 'Clark')
  const read = (page: Page, id: string) => {
    return inPage(page, `return client.request('Patient/${id}').then(() => 'read', (error) => error.status)`)
  }
  assert.deepEqual([await read(one, 'p2'), await read(one, 'p3')], ['read', 404])
  assert.deepEqual([await read(other, 'p3'), await read(other, 'p2')], ['read', 404])
})

test('signing out ends what needs the person there, and keeps what was allowed for later', options, async () => {
  await using browsing = await context()
  const [online, offline] = [await browsing.newPage(), await browsing.newPage()]
  await online.goto(launchUrl(await registered(), { scope: scope.replace('offline', 'online') }))
  await signIn(online)
  await allow(online)
  await heading(online, 'Adams')
  await offline.goto(launchUrl(await registered()))
  await allow(offline)
  await heading(offline, 'Adams')
  const page = await browsing.newPage()
  await page.goto(`${server.origin}/north/auth/sign-out`)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await heading(page, 'You are signed out')
  const refreshed = (app: Page) => {
    return inPage(app, "return client.refresh().then(() => 'renewed', () => 'refused')")
  }
  const read = (app: Page) => inPage(app, "return client.request('Patient/p1').then(() => 'read', () => 'refused')")
  assert.deepEqual([await refreshed(online), await read(online)], ['refused', 'refused'])
  assert.deepEqual([await refreshed(offline), await read(offline)], ['renewed', 'read'])
})

test('who says no is sent back to the app, which is told so', options, async () => {
  await using browsing = await context()
  const page = await browsing.newPage()
  await page.goto(launchUrl(await registered()))
  await signIn(page)
  await page.getByRole('button', { name: 'Don’t allow' }).click()
  await heading(page, 'refused: ')
})

/** The practice's pages with JavaScript off: everything is forms and links. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { authorizeUrl, type Clinic, clinicAt, exchange, password, request } from '../authorize/clinic.ts'
import { register } from '../smart/apps.ts'
import { openChromium } from './chromium.ts'
import { type Listening, listening } from './listening.ts'

const { browser, missing } = await openChromium()
const options = { skip: missing ?? false, timeout: 300_000 }
let server: Listening
let clinic: Clinic

before(async () => {
  if (!browser) return
  server = await listening()
  const root = `${server.origin}/north`
  clinic = { ...(await clinicAt(server.app, 'north')), root, base: `${root}/fhir/r4` }
})

after(async () => {
  await browser?.close()
  await server?.[Symbol.asyncDispose]()
})

test(
  'with JavaScript off: sign in, search, choose a patient and a visit, allow, stop sharing, sign out',
  options,
  async () => {
    if (!browser) return
    const redirectUri = `${server.origin}/healthz`
    const scopes = 'openid fhirUser launch/patient launch/encounter offline_access patient/*.rs'
    const app = await register(server.app, clinic.practice, { type: 'public', redirectUris: [redirectUri], scopes })
    const context = await browser.newContext({ javaScriptEnabled: false })
    context.setDefaultTimeout(60_000)
    const page = await context.newPage()
    await page.goto(authorizeUrl(clinic, request(clinic, app, { redirect_uri: redirectUri, scope: scopes })))
    await page.getByLabel('User name').fill('dr')
    await page.getByLabel('Password').fill('not this')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('alert').getByText('The user name or the password is not right').waitFor()
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByLabel('Name', { exact: true }).fill('adams')
    await page.getByRole('button', { name: 'Search' }).click()
    await page.getByLabel('Ann Adams').check()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByLabel('No visit').check()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.locator('summary', { hasText: 'Prescriptions' }).click()
    await page.getByLabel(/See: Prescriptions/).uncheck()
    await page.getByRole('button', { name: 'Allow', exact: true }).click()
    await page.waitForURL(/healthz\?/)
    const code = new URL(page.url()).searchParams.get('code') ?? ''
    const { status } = await exchange(clinic, app, code, { redirect_uri: redirectUri })
    assert.equal(status, 200)
    await page.goto(`${clinic.root}/auth/manage`)
    await page.getByRole('button', { name: 'Stop sharing' }).click()
    await page.getByRole('alert').getByRole('button', { name: 'Stop sharing' }).click()
    await page.getByRole('status').getByText('can no longer get new data').waitFor()
    await page.getByRole('link', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
    await page.goto(`${clinic.root}/auth/manage`)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await context.close()
  },
)

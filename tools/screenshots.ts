/**
 * Takes a picture of every page that people see, light and dark, on a phone and on a desktop: `node tools/screenshots.ts FOLDER`.
 * It makes a sandbox of its own and walks through it as people do.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { dialects } from '#dialects'
import { addUser, practiceNamed } from '#platform'
import { authorizeUrl, exchange, request } from '../test/authorize/clinic.ts'
import { openChromium } from '../test/browser/chromium.ts'
import { type Sandbox, sandboxOf } from '../test/browser/sandbox.ts'
import { register } from '../test/smart/apps.ts'

const folder = process.argv[2]
if (folder === undefined) throw new Error('Say where the pictures go: node tools/screenshots.ts FOLDER')

const sizes = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } } as const
const themes = ['light', 'dark'] as const

type Take = (name: string) => Promise<void>

mkdirSync(folder, { recursive: true })
const sandbox = await sandboxOf(16)
const growthChart = await registered(sandbox)
const tokenMaker = { username: 'ada', password: 'a long password' }
const tokenPage = await tokenPageOf(sandbox)
for (const [size, viewport] of Object.entries(sizes)) {
  for (const theme of themes) await walk({ viewport, colorScheme: theme, name: `${size}-${theme}` })
}
await sandbox[Symbol.asyncDispose]()

/** Registers an app that asks for much: where it sends people, and what it does when they are back. */
async function registered({ app, root, origin }: Sandbox) {
  const practice = await practiceNamed(app.installation.db, 'sandbox')
  const scopes = 'openid fhirUser launch/patient launch/encounter offline_access patient/*.rs'
  const redirectUri = `${origin}/healthz`
  const client = await register(app, practice, {
    ...{ name: 'Growth Chart', type: 'public', redirectUris: [redirectUri], scopes },
    policy: 'https://growth.example/privacy',
    terms: 'https://growth.example/terms',
  })
  const clinic = { app, practice, root, base: `${root}/fhir/r4` }
  return {
    address: authorizeUrl(clinic, request(clinic, client, { redirect_uri: redirectUri, scope: scopes })),
    async comeBack(page: Page) {
      await page.waitForURL(/healthz\?/)
      const code = new URL(page.url()).searchParams.get('code') ?? ''
      await exchange(clinic, client, code, { redirect_uri: redirectUri })
    },
  }
}

/** A practice whose people make tokens by hand (INT-3), and one of them; its page. */
async function tokenPageOf({ app, origin }: Sandbox): Promise<string> {
  const { number } = await app.addPractice('west', { name: 'West Clinic', dialect: 'integra' })
  const person = { name: 'Dr. Ada Weber', role: 'clinician', fhirUser: 'Practitioner/d1', links: [] } as const
  const { username, password } = tokenMaker
  await addUser(app.installation.db, number, { ...person, username }, { password })
  return `${origin}/west${dialects.integra.tokenPage}`
}

interface Look {
  readonly name: string
  readonly viewport: { readonly width: number; readonly height: number }
  readonly colorScheme: 'light' | 'dark'
}

/** A browser of its own for each: software rendering of tall pages wears one out. */
async function walk({ name: look, ...settings }: Look) {
  const { browser, missing } = await openChromium()
  if (!browser) throw new Error(missing)
  const context = await browser.newContext({ ...settings, deviceScaleFactor: 1 })
  const page = await context.newPage()
  const takeOf =
    (tab: Page): Take =>
    async (name) => {
      const overflow = await tab.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
      if (overflow > 0) console.error(`${name} ${look}: ${overflow} pixels too wide`)
      await tab.screenshot({ path: join(folder ?? '', `${name}-${look}.png`), fullPage: true })
    }
  const take = takeOf(page)
  await asClinician(page, take)
  await asGuardian(page, take)
  await withSampleApp(page, take)
  await withTokenPage(page, take)
  await withOldForm(page, takeOf)
  await browser.close()
}

/** `exact`: the buttons of personas say whose they are. */
function press(page: Page, name: string): Promise<void> {
  return page.getByRole('button', { name, exact: true }).first().click()
}

async function asClinician(page: Page, take: Take) {
  await page.goto(growthChart.address)
  await take('01-sign-in')
  await page.getByLabel('User name').fill('clinician')
  await page.getByLabel('Password').fill('wrong')
  await press(page, 'Sign in')
  await take('02-sign-in-wrong')
  await page.getByRole('button', { name: /, clinician$/ }).click()
  await take('03-patients-at-first')
  await page.getByLabel('Name', { exact: true }).fill('a')
  await press(page, 'Search')
  await take('04-patients-found')
  await page.getByLabel('Name', { exact: true }).fill('nobody is called so')
  await press(page, 'Search')
  await take('05-patients-none')
  await page.getByLabel('Name', { exact: true }).fill('a')
  await press(page, 'Search')
  await page.locator('label.card input').first().check()
  await press(page, 'Continue')
  await take('06-visits')
  await page.locator('label.card input').first().check()
  await press(page, 'Continue')
  await take('07-consent')
  for (const summary of await page.locator('summary').all()) await summary.click()
  await page.locator('.tick input').nth(3).uncheck()
  await take('08-consent-opened')
  await press(page, 'Allow')
  await signOut(page)
}

async function asGuardian(page: Page, take: Take) {
  await page.goto(growthChart.address)
  await page.getByRole('button', { name: /, guardian$/ }).click()
  await take('09-children')
  await page.locator('label.card input').first().check()
  await press(page, 'Continue')
  await page.getByLabel('No visit').check()
  await press(page, 'Continue')
  await press(page, 'Allow')
  await growthChart.comeBack(page)
  await page.goto(`${sandbox.root}/auth/manage`)
  await take('10-my-apps')
  await page.getByRole('button', { name: /^Stop sharing/ }).click()
  await take('11-my-apps-asked')
  await page.getByRole('alert').getByRole('button', { name: 'Stop sharing' }).click()
  await take('12-my-apps-stopped')
  await page.goto(`${sandbox.root}/auth/sign-out`)
  await take('13-sign-out')
  await press(page, 'Sign out')
  await take('14-signed-out')
  await page.getByRole('link', { name: 'Sign in again' }).click()
  await take('15-own-sign-in')
  await page.goto(growthChart.address.replace('redirect_uri=', 'redirect_uri=https://elsewhere.example/'))
  await take('16-error')
}

async function withSampleApp(page: Page, take: Take) {
  await page.goto(`${sandbox.root}/sample-app`)
  await page.getByRole('button', { name: 'Connect' }).waitFor()
  await take('17-sample-app')
  await page.getByRole('button', { name: 'Connect' }).click()
  await page.getByRole('button', { name: /, clinician$/ }).click()
  await take('18-sample-app-patients')
  await page.locator('label.card input').first().check()
  await press(page, 'Continue')
  await take('19-sample-app-consent')
  await press(page, 'Allow')
  await page.getByRole('heading', { name: 'Vital signs' }).waitFor()
  await take('20-sample-app-chart')
  await page.goto(`${sandbox.root}/sample-app?error=access_denied&error_description=You+did+not+allow+it`)
  await page.getByRole('alert').waitFor()
  await take('21-sample-app-refused')
}

async function withTokenPage(page: Page, take: Take) {
  await page.goto(tokenPage)
  await page.getByLabel('User name').fill(tokenMaker.username)
  await page.getByLabel('Password').fill(tokenMaker.password)
  await press(page, 'Sign in')
  await take('22-token-page')
  await press(page, 'Generate Token')
  await take('23-token-made')
  await press(page, 'Refresh Token')
  await take('24-token-refreshed')
}

/** Two tabs: the form of the second was opened before the first one's sign-in. */
async function withOldForm(page: Page, takeOf: (tab: Page) => Take) {
  await signOut(page)
  const other = await page.context().newPage()
  for (const tab of [page, other]) await tab.goto(growthChart.address)
  await page.getByRole('button', { name: /, clinician$/ }).click()
  await page.getByLabel('Name', { exact: true }).waitFor()
  await other.getByRole('button', { name: /, guardian$/ }).click()
  await other.getByRole('link', { name: 'Go on' }).waitFor()
  await takeOf(other)('25-old-form')
  await other.close()
  await signOut(page)
}

async function signOut(page: Page) {
  await page.goto(`${sandbox.root}/auth/sign-out`)
  await press(page, 'Sign out')
}

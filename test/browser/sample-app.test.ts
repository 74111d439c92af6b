/** A newcomer's first minutes: from the address that `npm start` prints to a patient's chart. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { openChromium } from './chromium.ts'
import { tabTo } from './keyboard.ts'
import { type Sandbox, sandboxOf } from './sandbox.ts'

const { browser, missing } = await openChromium()
const options = { skip: missing ?? false, timeout: 300_000 }
let sandbox: Sandbox

before(async () => {
  if (browser) sandbox = await sandboxOf(3)
})

after(async () => {
  await browser?.close()
  await sandbox?.[Symbol.asyncDispose]()
})

/** A new browser at the sample app; what goes wrong in its script is collected, and whom it asks. */
async function atSampleApp(address = `${sandbox.root}/sample-app`) {
  if (!browser) throw new Error('there is no browser')
  const context = await browser.newContext()
  context.setDefaultTimeout(60_000)
  const page = await context.newPage()
  const troubles: string[] = []
  const asked = new Set<string>()
  page.on('pageerror', (error) => troubles.push(error.message))
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()))
  page.on('request', (request) => asked.add(new URL(request.url()).origin))
  await page.goto(address)
  return { page, troubles, asked, [Symbol.asyncDispose]: () => context.close() }
}

const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true }).waitFor()

test(
  'with the keyboard alone: connect, sign in as a clinician, choose a patient, allow, read the chart',
  options,
  async () => {
    await using newcomer = await atSampleApp()
    const { page, troubles, asked } = newcomer
    await page.getByRole('button', { name: 'Connect' }).waitFor()
    await tabTo(page, /^Connect to/)
    await page.keyboard.press('Enter')
    await heading(page, 'Sign in')
    await tabTo(page, /^Sign in: .*, clinician$/)
    await page.keyboard.press('Enter')
    await heading(page, 'Choose a patient')
    await heading(page, 'Some patients of this sandbox')
    await tabTo(page, /Record number \S+$/)
    await page.keyboard.press('Space')
    const name = await page.locator('label.card:has(:checked) strong').textContent()
    await tabTo(page, /^Continue$/)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: /^Share health records/ }).waitFor()
    await tabTo(page, /^Allow$/)
    await page.keyboard.press('Enter')
    await heading(page, 'Vital signs')
    const chart = (await page.locator('.banner h2').textContent()) ?? ''
    assert.equal(chart.split(' ').at(-1), name?.split(' ').at(-1))
    assert.ok((await page.locator('svg[role=img] polyline').count()) >= 5, 'vital signs are drawn')
    assert.match(
      (await page.locator('svg[role=img]').first().getAttribute('aria-label')) ?? '',
      /Blood pressure, \d+ meas/,
    )
    assert.ok((await page.getByRole('region').or(page.locator('.columns section')).count()) >= 2)
    assert.equal(await page.evaluate('location.search'), '', 'no code stays in the address')
    await tabTo(page, /^As a table$/)
    await page.keyboard.press('Enter')
    await page.locator('details[open] table').first().waitFor()
    assert.deepEqual(troubles, [])
    assert.deepEqual([...asked], [sandbox.origin], 'nobody else is asked for anything')
  },
)

async function connect(page: Page) {
  await page.getByRole('button', { name: 'Connect' }).click()
  await page.getByLabel('User name').fill('clinician')
  await page.getByLabel('Password').fill('open-sandbox')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await choosePatient(page)
}

async function choosePatient(page: Page) {
  await page.locator('label.card input').first().check()
  await page.getByRole('button', { name: 'Continue' }).click()
}

test('who takes ticks away sees the rest of the chart, and whoever says no can start again', options, async () => {
  await using newcomer = await atSampleApp(`${sandbox.root.replace('localhost', '127.0.0.1')}/sample-app`)
  const { page } = newcomer
  await connect(page)
  await page.getByLabel(/See: Prescriptions/).uncheck()
  await page.getByRole('button', { name: 'Allow', exact: true }).click()
  await heading(page, 'Medicines')
  const medicines = page
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: 'Medicines', exact: true }) })
  assert.match((await medicines.last().textContent()) ?? '', /You did not share these/)
  await page.getByRole('button', { name: 'Another patient' }).click()
  await heading(page, 'Some patients of this sandbox')
  assert.ok((await page.locator('label.card').count()) > 1, 'there is another to choose')
  await choosePatient(page)
  await page.getByRole('button', { name: 'Don’t allow' }).click()
  await page.getByRole('button', { name: 'Start again' }).waitFor()
})

test('the page shows the code that it runs, and every file of it is served', options, async () => {
  await using newcomer = await atSampleApp()
  const { page, troubles } = newcomer
  const served = await page.evaluate<string>(`fetch('/sandbox/sample-app/sign-in.js').then((reply) => reply.text())`)
  assert.equal(await page.locator('pre').first().textContent(), served.trimEnd())
  await page.getByRole('button', { name: 'Connect' }).waitFor()
  assert.deepEqual(troubles, [])
})

test('an answer that nobody here asked for is told, and goes nowhere', options, async () => {
  await using newcomer = await atSampleApp(`${sandbox.root}/sample-app?code=x&state=y`)
  await newcomer.page.getByRole('alert').getByText('This is no answer to anything').waitFor()
  assert.deepEqual(newcomer.troubles, [])
})

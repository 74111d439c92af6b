/** What a person allows is what the app gets (R6 to R8). */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { grantsOf } from '../../src/smart/tokens/grant-store.ts'
import type { TestClient } from '../smart/apps.ts'
import { stopClock } from '../support/clock.ts'
import { type TestApp, testApp } from '../support/test-app.ts'
import { Browser, type Fields, formsIn, type Shown, textOf, valuesIn } from './browser.ts'
import { answerOf, appAt, authorizeUrl, type Clinic, clinicAt, exchange, password, request, usual } from './clinic.ts'

let app: TestApp
let clinic: Clinic
let client: TestClient

before(async () => {
  app = await testApp()
  clinic = await clinicAt(app, 'north')
  client = await appAt(clinic)
})
after(() => app[Symbol.asyncDispose]())

/** The consent page of the patient Ann. */
async function consentPage(browser: Browser, changes: Readonly<Record<string, string>> = {}): Promise<Shown> {
  const page = await browser.open(authorizeUrl(clinic, request(clinic, client, changes)))
  const shown = await browser.submit(page, 'sign-in', [
    ['username', 'ann'],
    ['password', password],
  ])
  assert.equal(shown.status, 200, textOf(shown.body))
  return shown
}

/** Posts consent with these boxes ticked and no others. */
function choose(browser: Browser, page: Shown, scopes: readonly string[], more: Fields = []): Promise<Shown> {
  const form = formsIn(page.body).find(({ fields }) => fields.some(([, value]) => value === 'consent'))
  assert.ok(form)
  const hidden = form.fields.filter(([name]) => name !== 'scope' && name !== 'offline')
  return browser.post(form.action, [
    ...hidden,
    ...scopes.map((scope) => ['scope', scope] as const),
    ['decision', 'allow'],
    ...more,
  ])
}

async function granted(page: Shown) {
  const answer = await exchange(clinic, client, answerOf(page).get('code') ?? '')
  assert.equal(answer.status, 200, answer.text)
  return answer.json
}

test('only what is ticked is granted, in the order asked', async () => {
  const browser = new Browser(app.server)
  const page = await consentPage(browser)
  const { scope, refresh_token, access_token } = await granted(
    await choose(browser, page, ['patient/Condition.rs', 'patient/Patient.rs']),
  )
  assert.equal(scope, 'openid fhirUser launch/patient patient/Patient.rs patient/Condition.rs')
  assert.equal(refresh_token, undefined, 'offline access was not ticked')
  assert.equal((await app.get(clinic.practice, 'Condition?patient=p1', access_token)).status, 200)
  assert.equal((await app.get(clinic.practice, 'Observation?patient=p1', access_token)).status, 403)
})

test('categories are granted in place of the type, and nothing else is seen', async () => {
  const browser = new Browser(app.server)
  const page = await consentPage(browser)
  const category = valuesIn(page.body, 'scope').find((value) => value.endsWith('|laboratory'))
  assert.ok(category)
  assert.ok(category.startsWith('patient/Observation.rs?category='))
  const { scope, access_token } = await granted(await choose(browser, page, ['patient/Patient.rs', category]))
  assert.equal(scope, `openid fhirUser launch/patient patient/Patient.rs ${category}`)
  const found = await app.get(clinic.practice, 'Observation?patient=p1', access_token)
  assert.deepEqual(
    found.json.entry.map(({ resource }: { resource: { id: string } }) => resource.id),
    ['lab1'],
  )
  assert.equal((await app.get(clinic.practice, 'Observation/vital1', access_token)).status, 404)
})

test('granular scopes that were asked for come back as the same strings (P2)', async () => {
  const browser = new Browser(app.server)
  const scope =
    'launch/patient patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory'
  const page = await consentPage(browser, { scope })
  assert.equal((await granted(await browser.submit(page, 'consent', [['decision', 'allow']]))).scope, scope)
})

test('scopes of version 1 are answered in version 1', async () => {
  const browser = new Browser(app.server)
  const scope = 'launch/patient openid patient/Patient.read patient/Observation.read'
  const page = await consentPage(browser, { scope })
  assert.equal((await granted(await browser.submit(page, 'consent', [['decision', 'allow']]))).scope, scope)
})

test('who does not allow it says so to the app', async () => {
  const browser = new Browser(app.server)
  const page = await consentPage(browser)
  const answer = answerOf(await browser.submit(page, 'consent', [['decision', 'deny']]))
  assert.equal(answer.get('error'), 'access_denied')
  assert.equal(answer.get('state'), 's1')
})

test('nothing ticked is denied, and so is a button that is not there', async () => {
  const browser = new Browser(app.server)
  assert.equal(answerOf(await choose(browser, await consentPage(browser), [])).get('error'), 'access_denied')
  const other = new Browser(app.server)
  const page = await other.submit(await consentPage(other), 'consent', [['decision', 'perhaps']])
  assert.equal(answerOf(page).get('error'), 'access_denied')
})

test('who cancels at sign-in denies', async () => {
  const browser = new Browser(app.server)
  const page = await browser.open(authorizeUrl(clinic, request(clinic, client)))
  assert.equal(answerOf(await browser.submit(page, 'cancel')).get('error'), 'access_denied')
})

test('what was not offered cannot be ticked', async () => {
  const browser = new Browser(app.server)
  const page = await consentPage(browser, { scope: 'launch/patient patient/Patient.rs' })
  const chosen = await choose(
    browser,
    page,
    ['patient/Patient.rs', 'patient/Observation.rs', 'user/*.cruds', 'system/*.rs'],
    [['offline', 'yes']],
  )
  const { scope, refresh_token } = await granted(chosen)
  assert.equal(scope, 'launch/patient patient/Patient.rs')
  assert.equal(refresh_token, undefined)
})

test('what the app did not register or nobody has is not offered', async () => {
  const narrow = await appAt(clinic, { scopes: 'openid patient/Patient.rs' })
  const browser = new Browser(app.server)
  const scope = 'openid fhirUser offline_access patient/Patient.rs patient/Observation.rs system/Patient.rs'
  const page = await browser.open(authorizeUrl(clinic, request(clinic, narrow, { scope })))
  const shown = await browser.submit(page, 'sign-in', [
    ['username', 'ann'],
    ['password', password],
  ])
  assert.deepEqual(valuesIn(shown.body, 'scope'), ['patient/Patient.rs'])
  const answer = answerOf(await browser.submit(shown, 'consent', [['decision', 'allow']]))
  assert.equal((await exchange(clinic, narrow, answer.get('code') ?? '')).json.scope, 'openid patient/Patient.rs')
})

test('an app that asks for nothing that it can get is told so', async () => {
  const browser = new Browser(app.server)
  const page = await browser.open(authorizeUrl(clinic, request(clinic, client, { scope: 'system/Patient.rs' })))
  const shown = await browser.submit(page, 'sign-in', [
    ['username', 'ann'],
    ['password', password],
  ])
  assert.equal(answerOf(shown).get('error'), 'invalid_scope')
})

test('offline access ends on the day that was chosen', async () => {
  using _ = stopClock() // midnight may be near
  const browser = new Browser(app.server)
  const page = await consentPage(browser)
  const [until] = valuesIn(page.body, 'until')
  assert.match(until ?? '', /^\d{4}-\d\d-\d\d$/)
  for (const wrong of ['2020-01-01', 'tomorrow', '2126-01-01']) {
    const again = await browser.submit(page, 'consent', [
      ['until', wrong],
      ['decision', 'allow'],
    ])
    assert.equal(again.status, 400)
    assert.equal(valuesIn(again.body, 'until').length, 1)
  }
  const soon = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10)
  const { refresh_token } = await granted(
    await browser.submit(page, 'consent', [
      ['until', soon],
      ['decision', 'allow'],
    ]),
  )
  assert.ok(refresh_token)
  const [grant] = await grantsOf(app.installation.db, clinic.practice.number, 'ann')
  const days = ((grant?.until?.getTime() ?? 0) - Date.now()) / 86_400_000
  assert.ok(days > 3 && days < 5, String(days))
})

test('a form counts in the browser that it was made for, once', async () => {
  const [browser, other] = [new Browser(app.server), new Browser(app.server)]
  const page = await consentPage(browser)
  const stolen = await other.submit(page, 'consent', [['decision', 'allow']])
  assert.equal(stolen.status, 403)
  const forged = await browser.submit(page, 'consent', [
    ['csrf', 'x'],
    ['decision', 'allow'],
  ])
  assert.equal(forged.status, 403)
  assert.ok(answerOf(await browser.submit(page, 'consent', [['decision', 'allow']])).get('code'))
  assert.equal((await browser.submit(page, 'consent', [['decision', 'allow']])).status, 410)
})

test('who signed in in another tab since a form was opened is led on, and the form does nothing', async () => {
  const browser = new Browser(app.server)
  const address = authorizeUrl(clinic, request(clinic, client))
  const [first, second] = [await browser.open(address), await browser.open(address)]
  const ann = [
    ['username', 'ann'],
    ['password', password],
  ] as const
  await browser.submit(first, 'sign-in', ann)
  const guardian = [
    ['username', 'guardian'],
    ['password', password],
  ] as const
  const stale = await browser.submit(second, 'sign-in', guardian)
  assert.equal(stale.status, 403)
  assert.match(textOf(stale.body), /signed in or out in another tab.*Nothing that you entered was sent on/)
  const [, way = ''] = /<a class="button" href="([^"]+)"/.exec(stale.body) ?? []
  const open = await browser.open(way)
  assert.match(textOf(open.body), /Ann Adams/)
  const answer = answerOf(await browser.submit(open, 'consent', [['decision', 'allow']]))
  assert.equal((await exchange(clinic, client, answer.get('code') ?? '')).json.patient, 'p1')
})

test('consent cannot be posted before somebody has signed in', async () => {
  const browser = new Browser(app.server)
  const page = await browser.open(authorizeUrl(clinic, request(clinic, client)))
  const form = formsIn(page.body)[0]
  assert.ok(form)
  const fields = form.fields.filter(([name]) => name !== 'step')
  const shown = await browser.post(form.action, [
    ...fields,
    ['step', 'consent'],
    ['decision', 'allow'],
    ['scope', 'patient/Patient.rs'],
  ])
  assert.equal(shown.status, 200)
  assert.ok(formsIn(shown.body).some(({ fields }) => fields.some(([, value]) => value === 'sign-in')))
})

test('a wrong password is told on the page, and nobody is signed in', async () => {
  const browser = new Browser(app.server)
  const page = await browser.open(authorizeUrl(clinic, request(clinic, client)))
  const again = await browser.submit(page, 'sign-in', [
    ['username', 'ann'],
    ['password', 'wrong'],
  ])
  assert.equal(again.status, 400)
  assert.ok(valuesIn(again.body, 'username').includes('ann'))
})

test('who is signed in is not asked again, but with prompt=login', async () => {
  const browser = new Browser(app.server)
  await consentPage(browser)
  const again = await browser.open(authorizeUrl(clinic, request(clinic, client)))
  assert.ok(formsIn(again.body).some(({ fields }) => fields.some(([, value]) => value === 'consent')))
  const none = await browser.open(authorizeUrl(clinic, request(clinic, client, { prompt: 'none' })))
  assert.equal(answerOf(none).get('error'), 'consent_required')
  const login = await browser.open(authorizeUrl(clinic, request(clinic, client, { prompt: 'login' })))
  const shown = await browser.submit(login, 'sign-in', [
    ['username', 'ann'],
    ['password', password],
  ])
  assert.equal((await granted(await browser.submit(shown, 'consent', [['decision', 'allow']]))).scope, usual)
})

test('another person may sign in in place of the first (P18)', async () => {
  const browser = new Browser(app.server)
  const page = await consentPage(browser)
  const signIn = await browser.submit(page, 'switch-person')
  const picker = await browser.submit(signIn, 'sign-in', [
    ['username', 'guardian'],
    ['password', password],
  ])
  assert.deepEqual(valuesIn(picker.body, 'patient').toSorted(), ['p2', 'p3'])
})

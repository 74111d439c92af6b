/** Who and what an app is about when nobody launched it (A16). */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { addUser } from '#platform'
import type { TestClient } from '../smart/apps.ts'
import { type TestApp, testApp } from '../support/test-app.ts'
import { Browser, type Fields, type Shown, textOf, valuesIn } from './browser.ts'
import { answerOf, appAt, authorizeUrl, type Clinic, clinicAt, exchange, password, request } from './clinic.ts'

let app: TestApp
let clinic: Clinic
let client: TestClient

before(async () => {
  app = await testApp()
  clinic = await clinicAt(app, 'north')
  client = await appAt(clinic)
})
after(() => app[Symbol.asyncDispose]())

async function signedIn(browser: Browser, username: string, scope: string): Promise<Shown> {
  const page = await browser.open(authorizeUrl(clinic, request(clinic, client, { scope })))
  const credentials: Fields = [
    ['username', username],
    ['password', password],
  ]
  return browser.submit(page, 'sign-in', credentials)
}

async function tokensOf(browser: Browser, page: Shown) {
  const answer = answerOf(await browser.submit(page, 'consent', [['decision', 'allow']]))
  const given = await exchange(clinic, client, answer.get('code') ?? '')
  assert.equal(given.status, 200, given.text)
  return given.json
}

test('a guardian chooses among the linked patients, none of them chosen beforehand', async () => {
  const browser = new Browser(app.server)
  const picker = await signedIn(browser, 'guardian', 'launch/patient patient/Patient.rs')
  assert.deepEqual(valuesIn(picker.body, 'patient'), ['p2', 'p3'])
  assert.ok(!/<input[^>]*name="patient"[^>]*checked/.test(picker.body))
  assert.equal((await browser.submit(picker, 'choose-patient', [])).status, 400)
  assert.equal((await browser.submit(picker, 'choose-patient', [['patient', 'p1']])).status, 400, 'not linked')
  const consent = await browser.submit(picker, 'choose-patient', [['patient', 'p3']])
  assert.match(textOf(consent.body), /Clark/)
  const { patient, access_token } = await tokensOf(browser, consent)
  assert.equal(patient, 'p3')
  assert.equal((await app.get(clinic.practice, 'Patient/p3', access_token)).status, 200)
  assert.equal((await app.get(clinic.practice, 'Patient/p2', access_token)).status, 404)
})

test('a patient/ scope alone needs a patient, too', async () => {
  const browser = new Browser(app.server)
  const picker = await signedIn(browser, 'guardian', 'patient/Patient.rs')
  const consent = await browser.submit(picker, 'choose-patient', [['patient', 'p2']])
  assert.equal((await tokensOf(browser, consent)).patient, 'p2')
})

test('user/ scopes of a guardian reach all linked patients and nobody else', async () => {
  const browser = new Browser(app.server)
  const { patient, access_token } = await tokensOf(browser, await signedIn(browser, 'guardian', 'user/Patient.rs'))
  assert.equal(patient, undefined)
  const found = await app.get(clinic.practice, 'Patient', access_token)
  assert.deepEqual(found.json.entry.map(({ resource }: { resource: { id: string } }) => resource.id).toSorted(), [
    'p2',
    'p3',
  ])
})

test('staff look a patient up by name, birth date or record number', async () => {
  const browser = new Browser(app.server)
  const picker = await signedIn(browser, 'dr', 'launch/patient user/Patient.rs user/Observation.rs')
  assert.deepEqual(valuesIn(picker.body, 'patient'), [])
  for (const [field, value, found] of [
    ['name', 'ada', ['p1']],
    ['birthdate', '2015-03-04', ['p2']],
    ['mrn', 'mrn-p3', ['p3']],
    ['name', 'nobody', []],
  ] as const) {
    assert.deepEqual(
      valuesIn((await browser.submit(picker, 'search-patient', [[field, value]])).body, 'patient'),
      found,
    )
  }
  assert.equal((await browser.submit(picker, 'search-patient', [])).status, 400)
  const shown = await browser.submit(picker, 'search-patient', [['name', 'adams']])
  assert.equal((await browser.submit(shown, 'choose-patient', [['patient', 'p9']])).status, 400)
  const { patient, access_token } = await tokensOf(
    browser,
    await browser.submit(shown, 'choose-patient', [['patient', 'p1']]),
  )
  assert.equal(patient, 'p1')
  assert.equal(
    (await app.get(clinic.practice, 'Patient/p2', access_token)).status,
    200,
    'user/ is not bound to the patient',
  )
})

test('an app that asks for launch/encounter gets a visit, or none, as the person says', async () => {
  const scope = 'launch/patient launch/encounter patient/Encounter.rs'
  for (const encounter of ['e1', '']) {
    const browser = new Browser(app.server)
    const picker = await signedIn(browser, 'ann', scope)
    assert.deepEqual(valuesIn(picker.body, 'encounter'), ['e1', ''])
    const given = await tokensOf(browser, await browser.submit(picker, 'choose-encounter', [['encounter', encounter]]))
    assert.equal(given.encounter, encounter === '' ? undefined : 'e1')
    assert.equal(given.patient, 'p1')
  }
})

test('a visit that is not the patient’s is not taken, and whoever has none is not asked', async () => {
  const browser = new Browser(app.server)
  const picker = await signedIn(browser, 'ann', 'launch/patient launch/encounter patient/Encounter.rs')
  const again = await browser.submit(picker, 'choose-encounter', [['encounter', 'e9']])
  assert.deepEqual(valuesIn(again.body, 'encounter'), ['e1', ''])
  const other = new Browser(app.server)
  const patients = await signedIn(other, 'guardian', 'launch/patient launch/encounter patient/Encounter.rs')
  const consent = await other.submit(patients, 'choose-patient', [['patient', 'p2']])
  assert.equal((await tokensOf(other, consent)).encounter, undefined)
})

test('a patient whose record is not there gets no token (MOF-10)', async () => {
  const user = { username: 'ghost', name: 'Ghost', role: 'patient', fhirUser: 'Patient/p9' } as const
  const links = [{ patient: 'p9', kind: 'self' }] as const
  await addUser(app.installation.db, clinic.practice.number, { ...user, links }, { password })
  const answer = answerOf(await signedIn(new Browser(app.server), 'ghost', 'openid patient/Patient.rs'))
  assert.equal(answer.get('error'), 'access_denied')
  assert.match(answer.get('error_description') ?? '', /linked to no patient/)
})

test('whoever no resource describes has no user/ scope to give, and no fhirUser', async () => {
  const browser = new Browser(app.server)
  const answer = answerOf(await signedIn(browser, 'admin', 'openid fhirUser user/Patient.rs'))
  assert.equal(answer.get('error'), 'invalid_scope')
})

test('two launches in one browser keep their own patients, and neither ends the other (P3, P4)', async () => {
  const browser = new Browser(app.server)
  const scope = 'launch/patient patient/Patient.rs offline_access'
  const first = await browser.submit(await signedIn(browser, 'guardian', scope), 'choose-patient', [['patient', 'p2']])
  const second = await browser.open(authorizeUrl(clinic, request(clinic, client, { scope })))
  const chosen = await browser.submit(second, 'choose-patient', [['patient', 'p3']])
  const [two, three] = [await tokensOf(browser, first), await tokensOf(browser, chosen)]
  assert.deepEqual([two.patient, three.patient], ['p2', 'p3'])
  for (const [own, other, token] of [
    ['p2', 'p3', two.access_token],
    ['p3', 'p2', three.access_token],
  ]) {
    assert.equal((await app.get(clinic.practice, `Patient/${own}`, token)).status, 200)
    assert.equal((await app.get(clinic.practice, `Patient/${other}`, token)).status, 404)
  }
})

test('a choice of the first person is not the second one’s', async () => {
  const browser = new Browser(app.server)
  const picker = await signedIn(browser, 'guardian', 'launch/patient patient/Patient.rs')
  const consent = await browser.submit(picker, 'choose-patient', [['patient', 'p2']])
  const signIn = await browser.submit(consent, 'switch-person')
  const shown = await browser.submit(signIn, 'sign-in', [
    ['username', 'ann'],
    ['password', password],
  ])
  assert.match(textOf(shown.body), /Adams/)
  const { patient, access_token } = await tokensOf(browser, shown)
  assert.equal(patient, 'p1')
  assert.equal((await app.get(clinic.practice, 'Patient/p2', access_token)).status, 404)
})

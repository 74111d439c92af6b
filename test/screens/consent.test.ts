/** What the consent page has to offer: specs/portal.md 3.5, R6 to R8. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ConsentPage, consentPage } from '../../src/smart/screens/consent.ts'
import { type Element, elements, filled, formWith, named, parsePage, textOf } from './markup.ts'

const data: ConsentPage = {
  ...{ brand: { name: 'North Clinic' }, timeZone: 'UTC', requestId: 'r1', action: '/auth/continue' },
  ...{ pending: 'p', csrf: 'c', returnsTo: 'https://app.example/cb', signedIn: 'Anna Berg', personName: 'Anna Berg' },
  app: { name: 'Growth Chart', isVerified: false, policy: 'https://app.example/policy' },
  patientName: 'Mia Berg',
  requested:
    'openid fhirUser launch/patient offline_access patient/Patient.rs patient/Condition.rs patient/Observation.rs',
  offline: { isTicked: true, until: '2027-01-01', earliest: '2026-01-02', latest: '2036-01-01' },
}

function pageOf(change: Partial<ConsentPage> = {}): Element {
  return parsePage(consentPage({ ...data, ...change }).body)
}

function ticks(page: Element): readonly (readonly [value: string, isTicked: boolean])[] {
  return named(page, 'input')
    .filter(({ attributes }) => attributes.name === 'scope')
    .map(({ attributes: { value = '', checked } }) => [value, checked !== undefined] as const)
}

test('each type has its own box, ticked at first; categories are there and not', () => {
  const all = ticks(pageOf())
  assert.deepEqual(
    all.flatMap(([value, isTicked]) => (isTicked ? [value] : [])),
    ['patient/Patient.rs', 'patient/Condition.rs', 'patient/Observation.rs'],
  )
  assert.equal(all.filter(([value, isTicked]) => value.includes('?category=') && !isTicked).length, 9)
})

test('what comes back keeps its ticks, and its group is open', () => {
  const page = pageOf({ ticked: ['patient/Patient.rs'] })
  assert.deepEqual(
    ticks(page).flatMap(([value, isTicked]) => (isTicked ? [value] : [])),
    ['patient/Patient.rs'],
  )
  const groups = named(page, 'details').map(({ attributes }) => attributes.open !== undefined)
  assert.deepEqual(groups, [true, true])
  assert.ok(named(pageOf(), 'details').every(({ attributes }) => attributes.open === undefined))
})

test('allow and deny are buttons of the same form, size and colour', () => {
  const buttons = named(formWith(pageOf(), 'decision'), 'button')
  assert.deepEqual(
    buttons.map(({ attributes }) => attributes),
    [
      { name: 'decision', value: 'deny' },
      { name: 'decision', value: 'allow' },
    ],
  )
})

test('access while the app is not used is a switch of its own, with an end', () => {
  const form = formWith(pageOf(), 'decision')
  const posted = new URLSearchParams(filled(form, {}, ['decision', 'allow']))
  assert.deepEqual([posted.get('offline'), posted.get('until')], ['yes', '2027-01-01'])
  const until = named(form, 'input').find(({ attributes }) => attributes.name === 'until')
  assert.deepEqual([until?.attributes.min, until?.attributes.max], ['2026-01-02', '2036-01-01'])
  const { offline: _, ...without } = data
  assert.equal(
    named(parsePage(consentPage(without).body), 'input').some(({ attributes }) => attributes.name === 'until'),
    false,
  )
})

test('what the app may change stands apart from what it may see', () => {
  const values = ticks(pageOf({ requested: 'patient/Task.cruds' })).map(([value]) => value)
  assert.deepEqual(values, ['patient/Task.rs', 'patient/Task.cud'])
  const told = textOf(pageOf({ requested: 'patient/Task.cruds' }))
  assert.doesNotMatch(told, /Change or delete anything/)
})

test('the page reads as a whole (what a screen reader tells)', () => {
  const main = named(pageOf({ requested: 'openid fhirUser offline_access patient/AllergyIntolerance.rs' }), 'main')[0]
  assert.ok(main)
  assert.equal(
    textOf(main),
    [
      'G Growth Chart Not checked by this platform Privacy policy (opens in a new tab)',
      'Share health records with Growth Chart? Records of Mia Berg',
      'What Growth Chart may see and do in this record',
      'Take away the tick from anything that you do not want to share. You can open each group.',
      'See: Allergies patient/AllergyIntolerance.rs',
      'When you are not using the app Keep access when I am not using the app',
      'Without this it stops when you leave the app. Until At the latest 2036-01-01',
      'What Growth Chart cannot do Change or delete anything in the record See anything that has no tick above',
      'See records of other people See your password',
      'Growth Chart will learn who you are: your name and which record is yours.',
      'What Growth Chart has received already, it may keep. Its privacy policy says what it does with it.',
      'Don’t allow Allow You can stop sharing any time in My apps.',
      'Signed in as Anna Berg. Not you? Sign in as somebody else',
    ].join(' '),
  )
})

test('the keyboard meets everything in the order in which it is read', () => {
  for (const { attributes } of elements(pageOf())) {
    assert.ok(attributes.tabindex === undefined || attributes.tabindex === '-1')
    assert.equal(attributes.autofocus, undefined)
  }
})

/** Apps that an EHR launches (specs/smart.md 5.3). */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { operatorLaunch } from '#smart'
import { smartPartsOf } from '../../src/app.ts'
import { register, type TestClient } from '../smart/apps.ts'
import { type Answer, type TestApp, testApp } from '../support/test-app.ts'
import { Browser, formsIn, textOf } from './browser.ts'
import {
  answerOf,
  appAt,
  authorizeUrl,
  type Clinic,
  clinicAt,
  credentials,
  exchange,
  password,
  redirectUri,
  refresh,
  request,
} from './clinic.ts'

const scope = 'openid fhirUser launch online_access user/Patient.rs user/Observation.rs'

let app: TestApp
let clinic: Clinic
let ehr: TestClient
/** Trusted by the practice: nobody is asked. */
let trusted: TestClient
let asking: TestClient

before(async () => {
  app = await testApp()
  clinic = await clinicAt(app, 'north')
  ehr = await register(app, clinic.practice, {
    ...{ type: 'symmetric', redirectUris: [redirectUri], origins: ['https://ehr.example'] },
    ...{ trustedLaunch: true, scopes: 'user/*.rs' },
  })
  trusted = await appAt(clinic, { skipConsent: true, launchUris: ['https://app.example/launch'] })
  asking = await appAt(clinic)
})
after(() => app[Symbol.asyncDispose]())

function post(path: string, fields: Readonly<Record<string, string>>, client: TestClient = ehr): Promise<Answer> {
  return app.request({
    method: 'POST',
    url: `/north/auth/${path}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...credentials(client) },
    payload: new URLSearchParams(fields).toString(),
  })
}

async function launch(fields: Readonly<Record<string, string>> = {}, client = trusted): Promise<string> {
  const answer = await post('launch', { app: client.client, user: 'dr', patient: 'p1', ...fields })
  assert.equal(answer.status, 200, answer.text)
  return answer.json.launch
}

const open = (id: string, client = trusted, changes: Readonly<Record<string, string>> = {}) =>
  new Browser(app.server).open(authorizeUrl(clinic, request(clinic, client, { scope, launch: id, ...changes })))

test('the EHR launches, and the app has its code in one hop without a cookie of ours', async () => {
  const made = await post('launch', {
    ...{ app: trusted.client, user: 'dr', patient: 'p1', encounter: 'e1', intent: 'reconcile' },
    fhirContext: '[{"reference":"DiagnosticReport/7"},{"canonical":"http://x.example/q|1"}]',
  })
  assert.equal(made.status, 200, made.text)
  const url = new URL(made.json.launch_url)
  assert.equal(url.origin + url.pathname, 'https://app.example/launch')
  assert.equal(url.searchParams.get('iss'), clinic.base)
  const id = url.searchParams.get('launch') ?? ''
  const answered = await app.request({
    method: 'GET',
    url: authorizeUrl(clinic, request(clinic, trusted, { scope, launch: id })).slice(21),
  })
  assert.equal(answered.headers['set-cookie'], undefined)
  const code = new URL(String(answered.headers.location)).searchParams.get('code') ?? ''
  const { json } = await exchange(clinic, trusted, code)
  assert.equal(json.scope, scope)
  assert.equal(json.patient, 'p1')
  assert.equal(json.encounter, 'e1')
  assert.equal(json.need_patient_banner, true)
  assert.equal(json.intent, 'reconcile')
  assert.equal(json.tenant, 'north')
  assert.deepEqual(json.fhirContext, [{ reference: 'DiagnosticReport/7' }, { canonical: 'http://x.example/q|1' }])
  const style = await app.request({ method: 'GET', url: json.smart_style_url.slice(21) })
  assert.equal(style.status, 200)
  assert.equal(style.json.color_background, '#ffffff')
  assert.equal((await app.get(clinic.practice, 'Encounter/e1', json.access_token)).status, 403, 'no scope of Encounter')
  assert.equal(
    (await app.get(clinic.practice, 'Patient/p2', json.access_token)).status,
    200,
    'user/ is not bound to the patient',
  )
  const renewed = (await refresh(clinic, trusted, json.refresh_token)).json
  assert.deepEqual(
    [renewed.patient, renewed.encounter, renewed.intent, renewed.scope],
    ['p1', 'e1', 'reconcile', scope],
  )
  assert.deepEqual(renewed.fhirContext, json.fhirContext)
})

test('fhirContext has the form of the app’s version', async () => {
  const older = await appAt(clinic, { skipConsent: true, smartVersion: '2.0' })
  const id = await launch({ fhirContext: '[{"reference":"Task/1"},{"canonical":"http://x.example/q"}]' }, older)
  const code = answerOf(await open(id, older)).get('code') ?? ''
  assert.deepEqual((await exchange(clinic, older, code)).json.fhirContext, ['Task/1'])
})

test('banner and style are as the EHR says', async () => {
  const id = await launch({ need_patient_banner: 'false', smart_style_url: 'https://ehr.example/style.json' })
  const { json } = await exchange(clinic, trusted, answerOf(await open(id)).get('code') ?? '')
  assert.equal(json.need_patient_banner, false)
  assert.equal(json.smart_style_url, 'https://ehr.example/style.json')
})

test('a patient/ scope of a clinician is bound to the patient of the launch', async () => {
  const asked = 'launch openid patient/Patient.rs'
  const { json } = await exchange(
    clinic,
    trusted,
    answerOf(await open(await launch(), trusted, { scope: asked })).get('code') ?? '',
  )
  assert.equal(json.scope, asked)
  assert.equal((await app.get(clinic.practice, 'Patient/p1', json.access_token)).status, 200)
  assert.equal((await app.get(clinic.practice, 'Patient/p2', json.access_token)).status, 404)
})

test('a patient/ scope without a patient in the launch asks for one, still without a cookie', async () => {
  const made = await post('launch', { app: trusted.client, user: 'dr' })
  const browser = new Browser(app.server)
  const fields = request(clinic, trusted, { scope: 'launch patient/Patient.rs', launch: made.json.launch })
  const picker = await browser.open(authorizeUrl(clinic, fields))
  assert.equal(picker.headers['set-cookie'], undefined)
  const found = await browser.submit(picker, 'search-patient', [['name', 'brown']])
  const answer = answerOf(await browser.submit(found, 'choose-patient', [['patient', 'p2']]))
  assert.equal((await exchange(clinic, trusted, answer.get('code') ?? '')).json.patient, 'p2')
})

test('an app that the practice does not trust asks its user, in the frame of the EHR', async () => {
  const browser = new Browser(app.server)
  const id = await launch({}, asking)
  const page = await browser.post(`${clinic.root}/auth/authorize`, request(clinic, asking, { scope, launch: id }))
  assert.equal(page.status, 200)
  assert.match(textOf(page.body), /Dr. Weber/)
  assert.match(String(page.headers['content-security-policy']), /frame-ancestors [^;]*https:\/\/ehr\.example/)
  assert.equal(page.headers['x-frame-options'], undefined)
  assert.equal(page.headers['set-cookie'], undefined)
  const answer = answerOf(await browser.submit(page, 'consent', [['decision', 'allow']]))
  assert.equal((await exchange(clinic, asking, answer.get('code') ?? '')).json.scope, scope)
})

test('nobody is trusted to share a patient’s record for them', async () => {
  const id = await launch({ user: 'ann' })
  const page = await open(id, trusted, { scope: 'launch patient/Patient.rs' })
  assert.ok(formsIn(page.body).some(({ fields }) => fields.some(([, value]) => value === 'consent')))
})

test('a launch is good once, for its app, at its practice, for five minutes', async () => {
  const used = await launch()
  assert.ok(answerOf(await open(used)).get('code'))
  assert.equal(answerOf(await open(used)).get('error'), 'invalid_request')
  assert.equal(answerOf(await open(await launch({}, asking))).get('error'), 'invalid_request')
  const south = await clinicAt(app, 'south')
  const there = await appAt(south, { skipConsent: true })
  const elsewhere = request(south, there, { scope, launch: await launch() })
  assert.equal(
    answerOf(await new Browser(app.server).open(authorizeUrl(south, elsewhere))).get('error'),
    'invalid_request',
  )
  const late = await launch()
  await app.installation.db.script(`update as_launch set exp = now() - interval '1 second' where used_at is null`)
  assert.equal(answerOf(await open(late)).get('error'), 'invalid_request')
})

test('a check that fails does not spend the launch', async () => {
  const id = await launch()
  assert.equal(answerOf(await open(id, trusted, { aud: 'https://x.example' })).get('error'), 'invalid_request')
  assert.ok(answerOf(await open(id)).get('code'))
})

test('without a launch the scope launch is not granted', async () => {
  const browser = new Browser(app.server)
  const page = await browser.open(
    authorizeUrl(clinic, request(clinic, trusted, { scope: 'launch openid user/Patient.rs' })),
  )
  const answer = answerOf(
    await browser.submit(page, 'sign-in', [
      ['username', 'dr'],
      ['password', password],
    ]),
  )
  assert.equal((await exchange(clinic, trusted, answer.get('code') ?? '')).json.scope, 'openid user/Patient.rs')
})

test('when the launch ends, what it gave ends, but for what was granted beyond it', async () => {
  const [id, lasting] = [await launch(), await launch()]
  const online = (await exchange(clinic, trusted, answerOf(await open(id)).get('code') ?? '')).json
  const changes = { scope: 'launch offline_access user/Patient.rs' }
  const offline = (await exchange(clinic, trusted, answerOf(await open(lasting, trusted, changes)).get('code') ?? ''))
    .json
  assert.equal((await app.get(clinic.practice, 'Patient/p1', online.access_token)).status, 200)
  assert.equal((await post('end-launch', { launch: id }, trusted)).status, 400, 'not a client that makes launches')
  assert.equal((await post('end-launch', { launch: id })).json.ended, 1)
  assert.equal((await post('end-launch', { launch: lasting })).json.ended, 0)
  assert.equal((await post('end-launch', { launch: 'unknown' })).json.ended, 0)
  assert.equal((await app.get(clinic.practice, 'Patient/p1', online.access_token)).status, 401)
  assert.equal((await refresh(clinic, trusted, online.refresh_token)).json.error, 'invalid_grant')
  assert.equal((await app.get(clinic.practice, 'Patient/p1', offline.access_token)).status, 200)
  assert.equal((await refresh(clinic, trusted, offline.refresh_token)).status, 200)
  const unused = await launch()
  await post('end-launch', { launch: unused })
  assert.equal(answerOf(await open(unused)).get('error'), 'invalid_request')
})

test('when a user leaves the EHR, all that it launched for them ends, and nobody else’s', async () => {
  const launched = async (fields: Readonly<Record<string, string>>, scopes = scope) => {
    const answer = answerOf(await open(await launch(fields), trusted, { scope: scopes }))
    return (await exchange(clinic, trusted, answer.get('code') ?? '')).json
  }
  const offlineScope = 'launch offline_access user/Patient.rs'
  const [one, two] = [await launched({}), await launched({ patient: 'p2' })]
  const byReference = await launched({ user: 'Practitioner/dr1' })
  const offline = await launched({}, offlineScope)
  const unused = await launch()
  const otherEhr = await register(app, clinic.practice, {
    ...{ type: 'symmetric', redirectUris: [redirectUri], trustedLaunch: true, scopes: 'user/*.rs' },
  })
  const read = async ({ access_token }: { access_token: string }) =>
    (await app.get(clinic.practice, 'Patient/p1', access_token)).status
  assert.equal((await post('end-launch', { user: 'dr' }, otherEhr)).json.ended, 0)
  assert.deepEqual([await read(one), await read(two)], [200, 200])
  assert.ok((await post('end-launch', { user: 'dr' })).json.ended >= 2)
  assert.deepEqual([await read(one), await read(two)], [401, 401])
  assert.equal((await refresh(clinic, trusted, two.refresh_token)).json.error, 'invalid_grant')
  assert.equal(answerOf(await open(unused)).get('error'), 'invalid_request')
  assert.deepEqual([await read(offline), await read(byReference)], [200, 200])
  assert.equal((await post('end-launch', { user: 'Practitioner/dr1' })).json.ended, 1)
  assert.equal(await read(byReference), 401)
  for (const fields of [{}, { user: 'dr', launch: 'x' }] as Record<string, string>[]) {
    assert.equal((await post('end-launch', fields)).json.error, 'invalid_request')
  }
})

for (const path of ['authorize', 'continue', 'token-page'] as const) {
  test(`HEAD ${path} is refused`, async () => {
    await app.addPractice(`west-${path}`, { dialect: 'integra' })
    const answer = await app.request({ method: 'HEAD', url: `/west-${path}/auth/${path}` })
    assert.equal(answer.status, 405)
    assert.equal(answer.headers.allow, 'GET, POST, OPTIONS')
  })
}

test('HEAD spends no launch, and makes no token at the page that makes them', async () => {
  const id = await launch()
  const url = authorizeUrl(clinic, request(clinic, trusted, { scope, launch: id })).slice(21)
  assert.equal((await app.request({ method: 'HEAD', url })).status, 405)
  assert.ok(answerOf(await open(id)).get('code'))
  await app.addPractice('integra', { dialect: 'integra' })
  const page = await app.request({ method: 'HEAD', url: '/integra/integra/Oauth2/oauth2Login' })
  assert.equal(page.status, 405)
})

for (const [what, fields, sentence] of [
  ['an app that is not known', { app: 'x' }, /no app/],
  ['a user who is not known', { user: 'nobody' }, /no user/],
  ['a patient who is not known', { patient: 'p9' }, /no patient/],
  ['a patient who is not the user’s', { user: 'ann', patient: 'p2' }, /no patient/],
  ['an id that is none', { encounter: 'a b' }, /encounter/],
  ['a visit of another patient', { patient: 'p2', encounter: 'e1' }, /no encounter 'e1' of the patient 'p2'/],
  ['a visit that is not there', { patient: 'p1', encounter: 'e9' }, /no encounter 'e9'/],
  ['a visit without its patient', { encounter: 'e1' }, /encounter 'e1' and no patient/],
  ['a fhirContext that is none', { fhirContext: '{}' }, /fhirContext/],
  ['a banner that is none', { need_patient_banner: 'maybe' }, /banner/],
  ['a style that is no URL', { smart_style_url: 'javascript:1' }, /smart_style_url/],
] as const) {
  test(`the EHR is told of ${what}`, async () => {
    const answer = await post('launch', { app: trusted.client, user: 'dr', ...fields })
    assert.equal(answer.status, 400)
    assert.equal(answer.json.error, 'invalid_request')
    assert.match(answer.json.error_description, sentence)
  })
}

test('only a client that the platform trusts with it makes launches, with its own credential', async () => {
  assert.equal((await post('launch', { app: trusted.client, user: 'dr' }, trusted)).json.error, 'unauthorized_client')
  assert.equal((await post('launch', { app: trusted.client, user: 'dr' }, { ...ehr, secret: 'wrong' })).status, 401)
})

test('staff without an account are named by reference', async () => {
  const id = await launch({ user: 'Practitioner/dr1' })
  const { json } = await exchange(clinic, trusted, answerOf(await open(id)).get('code') ?? '')
  const claims = JSON.parse(Buffer.from(json.id_token.split('.')[1], 'base64url').toString())
  assert.equal(claims.fhirUser, `${clinic.base}/Practitioner/dr1`)
  assert.equal((await app.get(clinic.practice, 'Practitioner/dr1', json.access_token)).status, 200)
})

test('the operator launches from the command line', async () => {
  const practice = await app.installation.directory.named('north')
  assert.ok(practice)
  const parts = smartPartsOf(app.installation, () => undefined)
  const made = await operatorLaunch(parts, practice, { app: trusted.client, user: 'dr', patient: 'p1' })
  assert.ok(answerOf(await open(made.launch)).get('code'))
})

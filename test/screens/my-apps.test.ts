import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type AppRecord, addApp, addUser, type PracticeRecord, permitApp } from '#platform'
import { addGrant } from '../../src/smart/tokens/grant-store.ts'
import { addUserToken } from '../../src/smart/tokens/user-token-store.ts'
import { testApp } from '../support/test-app.ts'
import { type Browser, browser } from './browser.ts'
import { filled, formWith, named, textOf } from './markup.ts'

const app = await testApp()
after(() => app[Symbol.asyncDispose]())
const { db } = app.installation
const north = await app.addPractice('north', { name: 'North Clinic', timeZone: 'America/Chicago' })
const password = 'a long password'
const children = [
  { resourceType: 'Patient', id: 'p1', name: [{ given: ['Mia'], family: 'Berg' }], birthDate: '2018-04-02' },
  { resourceType: 'Patient', id: 'p2', name: [{ given: ['Tom'], family: 'Berg' }], birthDate: '2020-01-09' },
]
await app.load(north, children)
for (const username of ['eva', 'finn']) {
  await addUser(
    db,
    north.number,
    {
      ...{ username, name: 'Eva Berg', role: 'guardian', fhirUser: undefined },
      links: children.map(({ id }) => ({ patient: id, kind: 'parent' as const })),
    },
    { password },
  )
}
const record: AppRecord = {
  redirectUris: ['https://app.example/cb'],
  launchUris: [],
  origins: [],
  scopes: 'patient/*.rs',
  smartVersion: '2.2',
  pkce: 'required',
  trustedLaunch: false,
  skipConsent: false,
}
const growth = await addApp(db, { name: 'Growth <b>Chart</b>', type: 'public', record }, 'approved')
const diary = await addApp(db, { name: 'Diary', type: 'public', record }, 'approved')
for (const { client } of [growth, diary]) {
  await permitApp(db, north.number, client, { scopes: 'patient/*.rs', types: undefined, groups: undefined })
}

interface Sharing {
  readonly client: string
  readonly patient: string
  readonly username?: string
  readonly scope?: string
  readonly until?: Date
}

/** A grant with a token in use; the token. */
async function share(practice: PracticeRecord, { client, patient, username = 'eva', scope, until }: Sharing) {
  const grant = {
    ...{ practice: practice.number, client, username, fhirUser: undefined, subject: 'x', base: 'b', nonce: undefined },
    ...{ scope: scope ?? 'patient/Patient.rs', context: { patients: [patient], launch: { patient } } },
    ...{ authTime: new Date(), access: until ? ('offline' as const) : ('online' as const) },
    ...{ session: undefined, launch: undefined, refreshUntil: until },
  }
  const id = await addGrant(db, grant)
  return addUserToken(db, { ...grant, id }, { scope: grant.scope, seconds: 3600 })
}

async function signedIn(username = 'eva'): Promise<Browser> {
  const one = browser(app)
  const { page } = await one.get('/north/auth/sign-in')
  const shown = await one.post('/north/auth/sign-in', filled(formWith(page, 'username'), { username, password }))
  assert.equal(shown.status, 303)
  return one
}

const manage = '/north/auth/manage'

test('an app is shown once for each patient, with what it may see, since when and until when', async () => {
  await share(north, { client: growth.client, patient: 'p1', scope: 'patient/Observation.rs' })
  await share(north, { client: growth.client, patient: 'p1', until: new Date('2030-06-02T12:00:00Z') })
  await share(north, { client: diary.client, patient: 'p2' })
  const { page, text } = await (await signedIn()).get(manage)
  const cards = named(page, 'section').map(textOf)
  assert.equal(cards.length, 2)
  assert.match(cards.join('\n'), /Growth <b>Chart<\/b>.*Checked by this platform.*Mia Berg/)
  assert.match(
    cards.join('\n'),
    /Test results and measurements, Personal details|Personal details, Test results and measurements/,
  )
  assert.match(cards.join('\n'), /Until Jun 1, 2030/)
  assert.match(cards.join('\n'), /Diary.*Tom Berg.*You sign out/)
  assert.ok(!text.includes('<b>Chart'))
})

test('stopping asks first, then works at once for that app and patient alone', async () => {
  const stopped = await share(north, { client: growth.client, patient: 'p1' })
  const other = await share(north, { client: growth.client, patient: 'p2' })
  const others = await share(north, { client: growth.client, patient: 'p1', username: 'finn' })
  const one = await signedIn()
  const shown = await one.get(manage)
  const card = named(shown.page, 'section').find((each) => /Growth.*Mia Berg/.test(textOf(each)))
  assert.ok(card)
  const asked = await one.post(manage, filled(formWith(card, 'step', 'ask')))
  assert.match(textOf(asked.page), /Stop sharing with Growth <b>Chart<\/b>\?.*Keep sharing/)
  assert.equal((await app.get(north, 'Patient/p1', stopped)).status, 200, 'nothing has happened yet')
  const done = await one.post(manage, filled(formWith(asked.page, 'step', 'stop')))
  assert.match(textOf(done.page), /Stopped at \d+:\d\d [AP]M\. Growth <b>Chart<\/b> can no longer get new data\./)
  assert.equal((await app.get(north, 'Patient/p1', stopped)).status, 401)
  assert.equal((await app.get(north, 'Patient/p2', other)).status, 200)
  assert.equal((await app.get(north, 'Patient/p1', others)).status, 200, 'the other parent shares still')
})

test('nobody stops what another person shares, nor without the token of the form', async () => {
  const token = await share(north, { client: diary.client, patient: 'p1', username: 'finn' })
  const finn = await signedIn('finn')
  const form = filled(formWith((await finn.get(manage)).page, 'step', 'ask'), { step: 'stop' })
  const eva = await signedIn('eva')
  const own = new URLSearchParams(filled(formWith((await eva.get(manage)).page, 'step', 'ask'), { step: 'stop' }))
  const withToken = new URLSearchParams(form)
  withToken.set('csrf', own.get('csrf') ?? '')
  for (const posted of [form, withToken.toString()]) {
    const shown = await eva.post(manage, posted)
    assert.equal(shown.status, 400)
  }
  assert.equal((await finn.post(manage, form.replace(/csrf=[^&]*/, 'csrf='))).status, 400)
  assert.equal((await app.get(north, 'Patient/p1', token)).status, 200)
})

test('what was granted for the time of a sign-in ends with it, the rest stays', async () => {
  const finn = await signedIn('finn')
  const online = await share(north, { client: diary.client, patient: 'p2', username: 'finn' })
  const offline = await share(north, {
    client: diary.client,
    patient: 'p2',
    username: 'finn',
    until: new Date('2030-01-01'),
  })
  await db.script(
    "update as_grant set session = (select hash from as_session where username = 'finn' order by created_at desc limit 1) where username = 'finn'",
  )
  const asked = await finn.get('/north/auth/sign-out')
  await finn.post('/north/auth/sign-out', filled(formWith(asked.page, 'csrf')))
  assert.equal((await app.get(north, 'Patient/p2', online)).status, 401)
  assert.equal((await app.get(north, 'Patient/p2', offline)).status, 200)
})

for (const [what, query, location] of [
  [
    'a registered address',
    `client_id=${diary.client}&post_logout_redirect_uri=https://app.example/cb&state=a+b`,
    'https://app.example/cb?state=a+b',
  ],
  ['an address of nobody', `client_id=${diary.client}&post_logout_redirect_uri=https://evil.example/`, undefined],
  ['no app', 'post_logout_redirect_uri=https://app.example/cb', undefined],
  [
    'an id token that names the app',
    `id_token_hint=x.${Buffer.from(JSON.stringify({ aud: diary.client })).toString('base64url')}.x&post_logout_redirect_uri=https://app.example/cb`,
    'https://app.example/cb',
  ],
] as const) {
  test(`signing out with ${what} leads ${location ? 'there' : 'to a page of ours'}`, async () => {
    const one = await signedIn()
    const asked = await one.get(`/north/auth/sign-out?${query}`)
    assert.equal(asked.status, 200)
    const shown = await one.post('/north/auth/sign-out', filled(formWith(asked.page, 'csrf')))
    assert.deepEqual([shown.status, shown.location], location ? [303, location] : [200, undefined])
  })
}

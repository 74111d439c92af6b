/** What an attacker tries between browser, app and practice; each of these once worked (specs/security.md S-13, S-24, S-25). */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { register, type TestClient } from '../smart/apps.ts'
import { processorMs } from '../support/processor-time.ts'
import { type TestApp, testApp } from '../support/test-app.ts'
import { Browser, formsIn, textOf } from './browser.ts'
import {
  answerOf,
  appAt,
  authorizeUrl,
  type Clinic,
  clinicAt,
  credentials,
  password,
  redirectUri,
  request,
  secondServer,
} from './clinic.ts'

let app: TestApp
let clinic: Clinic
let client: TestClient

before(async () => {
  app = await testApp()
  clinic = await clinicAt(app, 'north', { dialect: 'modmed' })
  client = await appAt(clinic)
})
after(() => app[Symbol.asyncDispose]())

const authorize = (changes: Readonly<Record<string, string>>) =>
  new Browser(app.server).post(`${clinic.root}/auth/authorize`, request(clinic, client, changes))

for (const [what, changes] of [
  ['aud', { aud: `${'/'.repeat(40_000)}x` }],
  ['scope', { scope: `openid ${'\\'.repeat(40_000)}x` }],
] as const) {
  test(`a long ${what} keeps nobody else waiting`, async () => {
    const began = processorMs()
    await authorize(changes)
    assert.ok(processorMs() - began < 4000, `it took ${processorMs() - began} ms`)
  })
}

for (const [what, scope] of [
  ['many scopes', Array.from({ length: 4500 }, (_, i) => `user/*.rs?code=a${i}`).join(' ')],
  ['one long scope', `user/*.rs?${Array.from({ length: 9000 }, (_, i) => `a=${i}`).join('&')}`],
] as const) {
  test(`${what} make no page that takes long and nobody reads`, async () => {
    const browser = new Browser(app.server)
    const page = await browser.post(`${clinic.root}/auth/authorize`, request(clinic, client, { scope }))
    const began = processorMs()
    const next = await browser.submit(page, 'sign-in', [
      ['username', 'ann'],
      ['password', password],
    ])
    assert.equal(answerOf(next).get('error'), 'invalid_scope')
    assert.ok(processorMs() - began < 4000, `it took ${processorMs() - began} ms`)
  })
}

for (const name of ['state', 'nonce']) {
  test(`a long ${name} is not kept`, async () => {
    const page = await authorize({ [name]: 'x'.repeat(8001) })
    assert.equal(page.status, 400)
    assert.match(textOf(page.body), /more than 8000 letters/)
    assert.equal((await authorize({ [name]: 'x'.repeat(8000) })).status, 200)
  })
}

test('an answer to a launched request signs nobody in or out', async () => {
  const ehr = await register(app, clinic.practice, {
    ...{ type: 'symmetric', redirectUris: [redirectUri], trustedLaunch: true, scopes: 'user/*.rs' },
  })
  const made = await app.request({
    ...{ method: 'POST', url: '/north/auth/launch' },
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...credentials(ehr) },
    payload: new URLSearchParams({ app: client.client, user: 'dr' }).toString(),
  })
  const fields = request(clinic, client, { scope: 'launch user/Patient.rs', launch: made.json.launch })
  const browser = new Browser(app.server)
  const page = await browser.open(authorizeUrl(clinic, fields))
  const form = formsIn(page.body)[0]
  const others = form?.fields.filter(([name]) => name === 'pending' || name === 'csrf') ?? []
  for (const step of ['sign-in', 'switch-person']) {
    const answer = await app.request({
      ...{ method: 'POST', url: '/north/auth/continue' },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams([...others, ['step', step], ['username', 'ann'], ['password', password]] as [
        string,
        string,
      ][]).toString(),
    })
    assert.equal(answer.status, 303)
    assert.equal(answer.headers['set-cookie'], undefined, step)
  }
})

test('a consent counts for the patient that its page showed', async () => {
  const browser = new Browser(app.server)
  const page = await browser.open(authorizeUrl(clinic, request(clinic, client)))
  const picker = await browser.submit(page, 'sign-in', [
    ['username', 'guardian'],
    ['password', password],
  ])
  const ofFirst = await browser.submit(picker, 'choose-patient', [['patient', 'p2']])
  await browser.submit(picker, 'choose-patient', [['patient', 'p3']])
  const again = await browser.submit(ofFirst, 'consent', [['decision', 'allow']])
  assert.equal(again.status, 200)
  assert.match(textOf(again.body), /Clark/)
  assert.ok(answerOf(await browser.submit(again, 'consent', [['decision', 'allow']])).get('code'))
})

test('an app that was suspended sends nobody anywhere at sign-out', async () => {
  const gone = await appAt(clinic)
  const query = new URLSearchParams({ client_id: gone.client, post_logout_redirect_uri: redirectUri })
  const url = `${clinic.root}/auth/sign-out?${query}`
  assert.equal((await new Browser(app.server).open(url)).headers.location, redirectUri)
  await app.installation.db.script(`update app set state = 'suspended' where client = '${gone.client}'`)
  await using other = await secondServer(app)
  assert.equal((await new Browser(other.server).open(url)).headers.location, undefined)
})

for (const [what, environment, status] of [
  ['of a proxy that is trusted, counts each address for itself', { TRUSTED_PROXIES: '10.1.0.0/16, 127.0.0.1' }, 200],
  ['of anybody else, is not believed', {}, 429],
] as const) {
  test(`X-Forwarded-For, ${what}`, async () => {
    await using proxied = await testApp(environment)
    const place = await clinicAt(proxied, 'south')
    const signIn = async (address: string, username: string, word: string) => {
      const browser = new Browser(proxied.server)
      const page = await browser.open(`${place.root}/auth/sign-in`)
      const [form] = formsIn(page.body)
      const fields = new Map([...(form?.fields ?? []), ['username', username], ['password', word]] as const)
      return browser.post(`${place.root}/auth/sign-in`, [...fields], { 'x-forwarded-for': address })
    }
    for (let i = 0; i < 5; i++) await signIn('203.0.113.1', `guess${i}`, 'wrong')
    assert.equal((await signIn('203.0.113.2', 'ann', password)).status, status)
  })
}

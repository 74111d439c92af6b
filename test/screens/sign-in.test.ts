import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from '#db'
import { addUser, type PracticeRecord, setUserDisabled } from '#platform'
import { changePassword, forgetFailedSignIns, switchUser } from '#smart'
import { testApp } from '../support/test-app.ts'
import { type Browser, browser, type Shown } from './browser.ts'
import { filled, formWith, named, textOf } from './markup.ts'

const app = await testApp()
after(() => app[Symbol.asyncDispose]())
const { db } = app.installation
const north = await app.addPractice('north', { name: 'North Clinic' })
const south = await app.addPractice('south', { name: 'South Clinic' })
const password = 'a long password'

async function addClinician(practice: PracticeRecord, username: string) {
  const user = { username, name: 'Ada Weber', role: 'clinician', fhirUser: undefined, links: [] } as const
  await addUser(db, practice.number, user, { password })
}

await addClinician(north, 'ada')
await addClinician(north, 'ben')
await addClinician(north, 'carl')

const signInUrl = ({ id }: PracticeRecord) => `/${id}/auth/sign-in`
const manageUrl = ({ id }: PracticeRecord) => `/${id}/auth/manage`

async function trySignIn(one: Browser, practice: PracticeRecord, fields: Record<string, string>): Promise<Shown> {
  const { page } = await one.get(signInUrl(practice))
  return one.post(signInUrl(practice), filled(formWith(page, 'username'), fields))
}

async function signedIn(username: string, practice = north): Promise<Browser> {
  const one = browser(app)
  const shown = await trySignIn(one, practice, { username, password })
  assert.equal(shown.status, 303)
  return one
}

function errorsOf({ page }: Shown): string {
  return named(page, 'section')
    .filter(({ attributes }) => attributes.role === 'alert')
    .map(textOf)
    .join()
}

test('sign-in names the practice and leads to the apps of the person', async () => {
  const one = browser(app)
  const { page, status } = await one.get(signInUrl(north))
  assert.equal(status, 200)
  assert.match(textOf(page), /You are signing in to North Clinic/)
  const shown = await trySignIn(one, north, { username: ' ADA ', password })
  assert.deepEqual([shown.status, shown.location], [303, 'http://localhost:8080/north/auth/manage'])
  const apps = await one.get(manageUrl(north))
  assert.match(textOf(apps.page), /No app uses your records.*Signed in as Ada Weber/)
})

test('the id of the browser changes at sign-in, and at sign-in again (P24)', async () => {
  const one = browser(app)
  await one.get(signInUrl(north))
  const [before] = one.cookies.values()
  await trySignIn(one, north, { username: 'ada', password })
  const [first] = one.cookies.values()
  await trySignIn(one, north, { username: 'ada', password })
  const [second] = one.cookies.values()
  assert.equal(new Set([before, first, second]).size, 3)
  for (const old of [before, first]) {
    const thief = browser(app)
    for (const name of one.cookies.keys()) thief.cookies.set(name, old ?? '')
    assert.equal((await thief.get(manageUrl(north))).status, 303)
  }
  assert.equal((await one.get(manageUrl(north))).status, 200)
})

test('the cookie is for this server alone and for no script', async () => {
  const [cookie = ''] = (await browser(app).get(signInUrl(north))).setCookie
  assert.match(cookie, /^charthouse-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
})

test('a sign-in of one practice is nothing at another', async () => {
  const one = await signedIn('ada')
  const [id = ''] = one.cookies.values()
  assert.equal((await one.get(manageUrl(south))).location, 'http://localhost:8080/south/auth/sign-in')
  one.cookies.set(`charthouse-${south.number}`, id) // copied under the other's name
  assert.equal((await one.get(manageUrl(south))).status, 303)
  const stranger = await trySignIn(browser(app), south, { username: 'ada', password })
  assert.equal(stranger.status, 400)
})

for (const [what, fields, expected] of [
  ['a wrong password', { username: 'ben', password: 'something else' }, /user name or the password is not right/],
  ['an unknown user', { username: 'nobody', password }, /user name or the password is not right/],
  ['no user name', { username: ' ', password }, /Enter your user name/],
  ['no password', { username: 'ben', password: '' }, /Enter your password/],
] as const) {
  test(`${what} is told beside the field, and nobody is signed in`, async () => {
    const one = browser(app)
    const shown = await trySignIn(one, north, fields)
    assert.equal(shown.status, 400)
    assert.match(errorsOf(shown), expected)
    assert.equal(
      named(shown.page, 'input').find(({ attributes }) => attributes.type === 'password')?.attributes.value,
      '',
    )
    assert.equal((await one.get(manageUrl(north))).status, 303)
  })
}

for (const [what, change] of [
  ['no token', { csrf: '' }],
  ['another token', { csrf: 'x'.repeat(43) }],
] as const) {
  test(`a sign-in form with ${what} signs nobody in`, async () => {
    const shown = await trySignIn(browser(app), north, { username: 'ada', password, ...change })
    assert.equal(shown.status, 400)
    assert.match(errorsOf(shown), /open for too long/)
  })
}

test('a form of one browser is not taken from another, nor for another purpose', async () => {
  const [mine, other] = [browser(app), browser(app)]
  const { page } = await mine.get(signInUrl(north))
  await other.get(signInUrl(north))
  const form = filled(formWith(page, 'username'), { username: 'ada', password })
  assert.equal((await other.post(signInUrl(north), form)).status, 400)
  const one = await signedIn('ada')
  const signInCsrf = new URLSearchParams(filled(formWith((await one.get(signInUrl(north))).page, 'username'))).get(
    'csrf',
  )
  const shown = await one.post(manageUrl(north), `csrf=${signInCsrf}&grant=x&step=stop`)
  assert.match(errorsOf(shown), /open for too long/)
})

test('five failures a minute lock a user name, from wherever they come, until somebody unlocks it', async () => {
  await db.script('delete from sign_in_failure')
  for (let i = 0; i < 5; i++) {
    assert.equal((await trySignIn(browser(app), south, { username: 'dora', password: 'wrong' })).status, 400)
  }
  await addClinician(south, 'dora')
  const locked = await trySignIn(browser(app), south, { username: 'Dora', password })
  assert.equal(locked.status, 429)
  assert.match(errorsOf(locked), /too many attempts. Wait a minute/)
  await forgetFailedSignIns(db, south.number, 'dora')
  await db.script('delete from sign_in_failure') // those of the address, too
  assert.equal((await trySignIn(browser(app), south, { username: 'dora', password })).status, 303)
})

test('five failures a minute lock an address, whatever user names it tries', async () => {
  await db.script('delete from sign_in_failure')
  for (let i = 0; i < 5; i++) await trySignIn(browser(app), north, { username: `guess${i}`, password: 'wrong' })
  assert.equal((await trySignIn(browser(app), north, { username: 'ada', password })).status, 429)
  await db.script("update sign_in_failure set at = at - interval '61 seconds'")
  assert.equal((await trySignIn(browser(app), north, { username: 'ada', password })).status, 303)
  await db.script('delete from sign_in_failure')
})

test('sixteen guesses at once get no more tries than five', async () => {
  await db.script('delete from sign_in_failure')
  const guesses = Array.from({ length: 16 }, () =>
    trySignIn(browser(app), north, { username: 'ben', password: 'wrong guess' }),
  )
  const statuses = (await Promise.all(guesses)).map(({ status }) => status)
  assert.ok(statuses.filter((status) => status === 400).length <= 5, String(statuses))
  assert.ok(statuses.every((status) => status === 400 || status === 429))
  await db.script('delete from sign_in_failure')
})

test('right passwords are counted for nothing', async () => {
  for (let i = 0; i < 7; i++) await signedIn('ada')
  assert.deepEqual(await db.many(sql`select 1 from sign_in_failure where practice = ${north.number}`), [])
})

test('who is switched off is signed out at once and not let in again', async () => {
  const one = await signedIn('carl')
  await switchUser({ db, report: () => undefined, user: 'test' }, north, { username: 'carl', isDisabled: true })
  assert.equal((await one.get(manageUrl(north))).status, 303)
  assert.equal((await trySignIn(browser(app), north, { username: 'carl', password })).status, 400)
  await setUserDisabled(db, north.number, { username: 'carl', isDisabled: false })
  assert.equal((await one.get(manageUrl(north))).status, 303, 'the old sign-in stays over')
  await signedIn('carl')
})

test('another password ends the sign-ins with the one before, of that person at that practice', async () => {
  await addClinician(south, 'ben')
  const [one, other, elsewhere] = [await signedIn('ben'), await signedIn('ada'), await signedIn('ben', south)]
  const told: object[] = []
  const parts = { db, report: (event: object) => void told.push(event) }
  assert.equal(await changePassword(parts, north, { username: 'ben', password: 'another password' }), 1)
  const statuses = [one.get(manageUrl(north)), other.get(manageUrl(north)), elsewhere.get(manageUrl(south))]
  assert.deepEqual(
    (await Promise.all(statuses)).map(({ status }) => status),
    [303, 200, 200],
  )
  assert.equal((await trySignIn(browser(app), north, { username: 'ben', password })).status, 400)
  const again = await trySignIn(browser(app), north, { username: 'ben', password: 'another password' })
  assert.equal(again.status, 303)
  assert.deepEqual(told, [{ event: 'password', practice: 'north', user: 'operator', of: 'ben', ended: 1 }])
  await db.script('delete from sign_in_failure')
})

test('a sign-in ends when nothing came for half an hour, and after twelve hours at the latest', async () => {
  for (const [column, age, status] of [
    ['last_used_at', '29 minutes', 200],
    ['last_used_at', '31 minutes', 303],
    ['exp', '11 hours 59 minutes', 200],
    ['exp', '12 hours', 303],
  ] as const) {
    const one = await signedIn('ada')
    await db.script(`update as_session set ${column} = ${column} - interval '${age}'`)
    assert.equal((await one.get(manageUrl(north))).status, status, `${column} ${age}`)
  }
})

test('signing out asks first, then ends the sign-in', async () => {
  const one = await signedIn('ada')
  const stolen = new Map(one.cookies)
  const asked = await one.get('/north/auth/sign-out')
  assert.match(textOf(asked.page), /Sign out\?/)
  assert.equal((await one.post('/north/auth/sign-out', 'csrf=x')).status, 200)
  assert.equal((await one.get(manageUrl(north))).status, 200, 'a form of another page signs nobody out')
  const shown = await one.post('/north/auth/sign-out', filled(formWith(asked.page, 'csrf')))
  assert.match(textOf(shown.page), /You are signed out/)
  assert.equal(one.cookies.size, 0)
  for (const [name, value] of stolen) one.cookies.set(name, value)
  assert.equal((await one.get(manageUrl(north))).status, 303)
})

test('what is not offered at a page is a page, too, with the request id', async () => {
  const answer = await app.request({ method: 'PUT', url: '/north/auth/sign-in' })
  assert.equal(answer.status, 405)
  assert.match(answer.text, /This did not work.*Request id/s)
  assert.ok(answer.text.includes(String(answer.headers['x-request-id'])))
})

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from '#db'
import { isPassword, passwordOf, practiceNamed } from '#platform'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { charthouse, type Environment, type Folder, folder as temporaryFolder } from './command.ts'

let folder: Folder
let database: TestDatabase
let environment: Environment

const ago = (years: number) => `${new Date().getUTCFullYear() - years}-05-05`
const patients = [
  { resourceType: 'Patient', id: 'p1', birthDate: ago(40) },
  { resourceType: 'Patient', id: 'p2', birthDate: ago(5) },
  { resourceType: 'Practitioner', id: 'd1' },
]

before(async () => {
  folder = await temporaryFolder()
  database = await testDatabase()
  environment = { DATABASE_URL: database.url }
  await charthouse(['practice', 'add', 'north'], environment)
  const lines = patients.map((resource) => JSON.stringify(resource)).join('\n')
  const loaded = await charthouse(['import', '-', '--practice', 'north'], environment, lines)
  assert.equal(loaded.status, 0, loaded.err)
})
after(async () => {
  await database[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

const password = 'a long password\n'

function user(args: readonly string[], input = password) {
  return charthouse(['user', ...args, '--practice', 'north'], environment, input)
}

test('user add takes people of every role, their password from standard input', async () => {
  for (const [args, said] of [
    [['--name', 'Dr. Ada Weber', '--role', 'clinician', '--practitioner', 'd1'], 'Added clinician dr.ada.weber'],
    [['--name', 'Zoë Ek', '--role', 'patient', '--patient', 'p1'], 'Added patient zoe.ek'],
    [
      ['--name', 'Per Ek', '--role', 'guardian', '--patient', 'p2', '--patient', 'p1', '--username', 'per'],
      'Added guardian per',
    ],
  ] as const) {
    const { status, out, err } = await user(['add', ...args])
    assert.equal(status, 0, err)
    assert.ok(out.includes(said), out)
    assert.ok(!`${out}${err}`.includes('long password'))
  }
  const { out } = await user(['list'])
  assert.deepEqual(out.trim().split('\n'), [
    'dr.ada.weber  Dr. Ada Weber  clinician  Practitioner/d1',
    `per  Per Ek  guardian  proxy of p1  guardian of p2 until ${ago(5 - 18)}`,
    'zoe.ek  Zoë Ek  patient  Patient/p1  self of p1',
  ])
})

for (const [what, args, input, sentence] of [
  ['a role that there is not', ['--name', 'A B', '--role', 'doctor'], password, /There is no role "doctor"/],
  [
    'a patient who is not there',
    ['--name', 'A B', '--role', 'patient', '--patient', 'p9'],
    password,
    /Patient\/p9 is not known/,
  ],
  ['a patient without a record', ['--name', 'A B', '--role', 'patient'], password, /one record of their own/],
  ['a guardian of nobody', ['--name', 'A B', '--role', 'guardian'], password, /needs a patient/],
  ['a short password', ['--name', 'A B', '--role', 'auditor'], 'short\n', /at least 8/],
  ['no password', ['--name', 'A B', '--role', 'auditor'], '', /password is missing/],
  ['a user name that is taken', ['--name', 'A B', '--role', 'auditor', '--username', 'PER'], password, /"per" already/],
  [
    'a date that is none',
    ['--name', 'A', '--role', 'guardian', '--patient', 'p2', '--until', 'soon'],
    password,
    /--until/,
  ],
] as const) {
  test(`user add refuses ${what}`, async () => {
    const { status, out, err } = await user(['add', ...args], input)
    assert.match(err, sentence)
    assert.notEqual(status, 0)
    assert.equal(out, '')
  })
}

test('user password gives a person another one and signs them out', async () => {
  const { number } = await practiceNamed(database.db, 'north')
  const stored = () => passwordOf(database.db, number, 'zoe.ek')
  const signedIn = () => database.db.many(sql`select hash from as_session where practice = ${number}`)
  for (const [hash, username] of [
    ['h1', 'zoe.ek'],
    ['h2', 'zoe.ek'],
    ['h3', 'per'],
  ]) {
    await database.db.run(sql`
      insert into as_session (practice, hash, username, exp)
      values (${number}, ${hash}, ${username}, now() + interval '1 hour')
    `)
  }
  const { status, out, err } = await user(['password', '--name', 'Zoë Ek'], 'another password\n')
  assert.equal(status, 0, err)
  assert.equal(out, 'zoe.ek (Zoë Ek) has another password; 2 sign-ins ended\n')
  assert.ok(await isPassword('another password', await stored()))
  assert.ok(!(await isPassword('a long password', await stored())))
  assert.deepEqual(await signedIn(), [{ hash: 'h3' }])
  const told = JSON.parse(err)
  assert.deepEqual([told.event, told.practice, told.of, told.ended], ['password', 'north', 'zoe.ek', 2])
  assert.ok(!err.includes('another password'))
})

for (const [what, args, input, sentence] of [
  ['a person who is not there', ['--name', 'nobody'], password, /There is no user "nobody" at practice north/],
  ['a short password', ['--name', 'per'], 'short\n', /at least 8/],
  ['the user name', ['--name', 'dr.ada.weber'], 'Dr.Ada.Weber\n', /is the user name/],
  ['no password', ['--name', 'per'], '', /password is missing/],
] as const) {
  test(`user password refuses ${what}`, async () => {
    const { status, out, err } = await user(['password', ...args], input)
    assert.match(err, sentence)
    assert.notEqual(status, 0)
    assert.equal(out, '')
  })
}

test('user disable switches a person off, user enable on again', async () => {
  const disabled = await user(['disable', 'per'])
  assert.match(disabled.out, /^per is off/)
  const { event, of, state, practice, user: by } = JSON.parse(disabled.err)
  assert.deepEqual([event, of, state, practice, by], ['user-switch', 'per', 'disabled', 'north', 'operator'])
  assert.match((await user(['list'])).out, /per .*disabled/)
  assert.match((await user(['enable', 'per'])).out, /^per is on/)
  assert.match((await user(['disable', 'nobody'])).err, /There is no user "nobody" at practice north/)
  assert.match((await user(['unlock', 'per'])).out, /^per may try again/)
})

/** A stranger registers a backend app by the command line, a practice permits it, and it reads. */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { assertion, jwtBearer, keySet, newKey } from '../smart/apps.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import {
  charthouse,
  type Environment,
  type Folder,
  freePort,
  type Started,
  start,
  folder as temporaryFolder,
} from './command.ts'

let folder: Folder
let database: TestDatabase
let environment: Environment
let server: Started
let root: string
const key = newKey('k1')
const jwks = () => join(folder.path, 'jwks.json')

before(async () => {
  folder = await temporaryFolder()
  database = await testDatabase()
  const port = await freePort()
  root = `http://localhost:${port}/north`
  environment = { DATABASE_URL: database.url, DATA_DIR: folder.path, PORT: String(port), PROCESSES: '1' }
  await writeFile(jwks(), keySet(key))
  await charthouse(['practice', 'add', 'north'], environment)
  server = start(['serve'], environment)
  await server.says('charthouse is ready')
})
after(async () => {
  server.process.kill('SIGTERM')
  await server.finished
  await database[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

const addBackend = (...more: string[]) =>
  charthouse(
    ['app', 'add', '--practice', 'north', '--name', 'Lab feed', '--type', 'backend', '--scope', 'system/*.rs', ...more],
    environment,
  )

async function askToken(client: string): Promise<Response> {
  const form = {
    grant_type: 'client_credentials',
    scope: 'system/Patient.rs',
    client_assertion_type: jwtBearer,
    client_assertion: await assertion(key, client, `${root}/auth/token`),
  }
  return fetch(`${root}/auth/token`, { method: 'POST', body: new URLSearchParams(form) })
}

const read = (token: string) => fetch(`${root}/fhir/r4/Patient`, { headers: { authorization: `Bearer ${token}` } })

test('a backend app is added, gets a token, reads, and is switched off and on', async () => {
  const added = await addBackend('--jwks', jwks())
  assert.equal(added.status, 0, added.err)
  const { client_id: client, ...told } = JSON.parse(added.out)
  assert.deepEqual(told, {
    ...{ name: 'Lab feed', type: 'backend', use: 'bulk', practice: 'north', scope: 'system/*.rs' },
    ...{ fhir_base: `${root}/fhir/r4`, issuer: root },
  })
  const answer = (await (await askToken(client)).json()) as { access_token: string }
  assert.equal((await read(answer.access_token)).status, 200)
  const listed = await charthouse(['app', 'list'], environment)
  assert.match(listed.out, new RegExp(`^${client}  backend  approved  north enabled  Lab feed$`, 'm'))
  const disabled = await charthouse(['app', 'disable', client, '--practice', 'north'], environment)
  assert.deepEqual(JSON.parse(disabled.out), {
    client_id: client,
    practice: 'north',
    state: 'disabled',
    ended: 1,
  })
  assert.equal((await read(answer.access_token)).status, 401)
  const enabled = await charthouse(['app', 'enable', client, '--practice', 'north'], environment)
  assert.equal(JSON.parse(enabled.out).state, 'enabled')
  const suspended = await charthouse(['app', 'disable', client, '--reason', 'a complaint'], environment)
  assert.deepEqual(JSON.parse(suspended.out), { client_id: client, state: 'suspended', ended: 0 })
})

test('what the operator changes of an app is a line of the log each, without secrets', async () => {
  const add = ['app', 'add', '--practice', 'north', '--name', 'Diary', '--type', 'symmetric', '--scope', 'patient/*.rs']
  const added = await charthouse([...add, '--redirect-uri', 'https://diary.example/cb'], environment)
  const { client_id: client, client_secret, use } = JSON.parse(added.out)
  assert.equal(use, 'patient')
  const listed = await charthouse(['app', 'list'], environment)
  assert.match(
    listed.out,
    new RegExp(`^${client}  symmetric  approved  patients everywhere, north enabled  Diary$`, 'm'),
  )
  const secret = await charthouse(['app', 'secret', client], environment)
  const refused = await charthouse(['app', 'disable', client, '--practice', 'north'], environment)
  assert.deepEqual([refused.status, refused.out], [2, ''])
  assert.match(refused.err, /is for patients.*has to state the reason/)
  const disable = ['app', 'disable', client, '--practice', 'north', '--reason', 'a complaint']
  const suspended = await charthouse(disable, environment)
  const permitted = await charthouse(['app', 'permit', client, '--practice', 'north'], environment)
  const { client_id: backend } = JSON.parse((await addBackend('--jwks', jwks())).out)
  const keys = await charthouse(['app', 'keys', backend, '--jwks', jwks()], environment)
  const lines = [added, secret, suspended, permitted, keys].flatMap(({ err }) => err.trim().split('\n'))
  assert.ok(!lines.join('').includes(client_secret))
  const told = lines.map((line) => JSON.parse(line)).map((line) => [line.event, line.change, line.user, line.practice])
  assert.deepEqual(told, [
    ['app-change', 'added', 'operator', undefined],
    ['app-change', 'permitted', 'operator', 'north'],
    ['app-change', 'new-secret', 'operator', undefined],
    ['app-change', 'switched', 'operator', 'north'],
    ['app-change', 'permitted', 'operator', 'north'],
    ['app-change', 'new-keys', 'operator', undefined],
  ])
})

test('app secret makes one for an app that has secrets, and no other', async () => {
  const added = await charthouse(
    [
      'app',
      'add',
      '--practice',
      'north',
      '--name',
      'Portal',
      '--type',
      'symmetric',
      '--scope',
      'patient/*.rs',
      '--redirect-uri',
      'https://portal.example/cb',
      '--redirect-uri',
      'https://portal.example/other',
    ],
    environment,
  )
  const { client_id: client, client_secret: first } = JSON.parse(added.out)
  const { client_secret: second } = JSON.parse((await charthouse(['app', 'secret', client], environment)).out)
  assert.match(first, /^[\w-]{43}$/)
  assert.notEqual(first, second)
  const refused = await charthouse(['app', 'keys', client, '--jwks', jwks()], environment)
  assert.deepEqual([refused.status, refused.err], [2, `The app ${client} is symmetric: it has no keys\n`])
})

test('app add --only registers an app of one practice', async () => {
  const { client_id: client } = JSON.parse((await addBackend('--jwks', jwks(), '--only')).out)
  await charthouse(['practice', 'add', 'south'], environment)
  await charthouse(['app', 'permit', client, '--practice', 'south'], environment)
  assert.equal((await askToken(client)).status, 200)
  const south = root.replace('north', 'south')
  const form = {
    grant_type: 'client_credentials',
    scope: 'system/Patient.rs',
    client_assertion_type: jwtBearer,
    client_assertion: await assertion(key, client, `${south}/auth/token`),
  }
  const answer = await fetch(`${south}/auth/token`, { method: 'POST', body: new URLSearchParams(form) })
  assert.equal(((await answer.json()) as { error: string }).error, 'unauthorized_client')
})

test('app permit replaces what a practice permits', async () => {
  const { client_id: client } = JSON.parse((await addBackend('--jwks', jwks())).out)
  const args = [
    'app',
    'permit',
    client,
    '--practice',
    'north',
    '--scope',
    'system/Patient.rs',
    '--type',
    'Patient',
    '--type',
    'Group',
    '--group',
    'g1',
  ]
  const permitted = await charthouse(args, environment)
  assert.deepEqual(JSON.parse(permitted.out), {
    ...{ client_id: client, practice: 'north', state: 'enabled', scope: 'system/Patient.rs' },
    ...{ types: ['Patient', 'Group'], groups: ['g1'] },
  })
})

for (const [what, args, status, sentence] of [
  ['a backend app without keys', () => addBackend(), 2, /needs a JWKS/],
  [
    'keys of a file that is not there',
    () => addBackend('--jwks', '/nowhere'),
    2,
    /cannot be read from the file \/nowhere/,
  ],
  [
    'a JWKS URL by http',
    () => addBackend('--jwks', 'http://app.example/jwks'),
    2,
    /https is wanted \(DEVELOPMENT=true/,
  ],
  [
    'a scope of a patient',
    () => addBackend('--jwks', jwks(), '--scope', 'patient/*.rs'),
    2,
    /cannot use the scope "patient/,
  ],
  [
    'a scope that cannot be read',
    () => addBackend('--jwks', jwks(), '--scope', 'system/Nonsense.rs'),
    2,
    /not a resource type/,
  ],
  [
    'a practice that is not there',
    () => addBackend('--jwks', jwks(), '--practice', 'nowhere'),
    1,
    /no practice "nowhere"/,
  ],
  ['an app that is not there', () => charthouse(['app', 'disable', 'nobody'], environment), 1, /no app "nobody"/],
] as const) {
  test(`the command line refuses ${what} with a sentence`, async () => {
    const { status: given, err, out } = await args()
    assert.deepEqual([given, out], [status, ''])
    assert.match(err, sentence)
  })
}

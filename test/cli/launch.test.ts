/** The operator launches an app by the command line, as an EHR does, and the running server lets it in. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { charthouse, type Environment, type Folder, folder, freePort, type Started, start } from './command.ts'

let data: Folder
let database: TestDatabase
let environment: Environment
let server: Started
let root: string
let client: string

before(async () => {
  data = await folder()
  database = await testDatabase()
  const port = await freePort()
  root = `http://localhost:${port}/north`
  environment = { DATABASE_URL: database.url, DATA_DIR: data.path, PORT: String(port), PROCESSES: '1' }
  await charthouse(['practice', 'add', 'north'], environment)
  const app = [
    'app',
    'add',
    '--practice',
    'north',
    '--name',
    'Chart',
    '--type',
    'public',
    '--skip-consent',
    '--no-issuer',
  ]
  const addresses = ['--redirect-uri', 'https://app.example/cb', '--launch-uri', 'https://app.example/launch']
  const added = await charthouse([...app, ...addresses, '--scope', 'launch openid fhirUser user/*.rs'], environment)
  client = JSON.parse(added.out).client_id
  server = start(['serve'], environment)
  await server.says('charthouse is ready')
})
after(async () => {
  server.process.kill('SIGTERM')
  await server.finished
  await database[Symbol.asyncDispose]()
  await data[Symbol.asyncDispose]()
})

const launch = (...more: string[]) =>
  charthouse(['launch', '--practice', 'north', '--client', client, '--user', 'Practitioner/dr1', ...more], environment)

test('charthouse launch prints what an app is opened with', async () => {
  const context = ['--intent', 'order', '--banner', 'false', '--fhir-context', '[{"reference":"Task/1"}]']
  const { out } = await launch(...context)
  const { iss, launch_url, launch: id, expires_in } = JSON.parse(out)
  assert.equal(iss, `${root}/fhir/r4`)
  assert.equal(expires_in, 300)
  assert.equal(new URL(launch_url).searchParams.get('launch'), id)
  const verifier = 'v'.repeat(43)
  const challenge = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(verifier))).toString('base64url')
  const redirect_uri = 'https://app.example/cb'
  const query = new URLSearchParams({
    ...{
      response_type: 'code',
      client_id: client,
      redirect_uri,
      scope: 'launch openid fhirUser user/Task.rs',
      aud: iss,
    },
    ...{ launch: id, code_challenge: challenge, code_challenge_method: 'S256' },
  })
  const back = await fetch(`${root}/auth/authorize?${query}`, { redirect: 'manual' })
  const answer = new URL(back.headers.get('location') ?? 'x:').searchParams
  assert.equal(answer.get('iss'), null)
  const body = new URLSearchParams({
    ...{ grant_type: 'authorization_code', code: answer.get('code') ?? '', client_id: client },
    ...{ redirect_uri, code_verifier: verifier },
  })
  const tokens = (await fetch(`${root}/auth/token`, { method: 'POST', body }).then((given) => given.json())) as Record<
    string,
    unknown
  >
  assert.deepEqual(
    [tokens.intent, tokens.need_patient_banner, tokens.fhirContext],
    ['order', false, [{ reference: 'Task/1' }]],
  )
})

for (const [what, more, sentence] of [
  ['a patient who is not there', ['--patient', 'nobody'], /no patient "nobody"/],
  ['a visit without its patient', ['--encounter', 'e1'], /the encounter "e1" and no patient: name whose it is/],
  ['a banner that is none', ['--banner', 'perhaps'], /--banner takes true or false/],
  ['a context that is none', ['--fhir-context', '{'], /not JSON/],
] as const) {
  test(`charthouse launch refuses ${what}`, async () => {
    const { status, err } = await launch(...more)
    assert.equal(status, 2)
    assert.match(err, sentence)
  })
}

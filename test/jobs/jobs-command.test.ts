/** charthouse jobs: an administrator sees what a practice's work in the background is at, and ends it. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { addJob, jobStatus } from '#jobs'
import type { PracticeRecord } from '#platform'
import { charthouse, type Environment, type Folder, folder as temporaryFolder } from '../cli/command.ts'
import { type TestApp, testApp } from '../support/test-app.ts'

let folder: Folder
let app: TestApp
let north: PracticeRecord
let environment: Environment
let token: string

before(async () => {
  folder = await temporaryFolder()
  app = await testApp({ DEVELOPMENT: 'true', DATA_DIR: join(folder.path, 'data') })
  environment = { DATABASE_URL: String(app.installation.settings.databaseUrl), DATA_DIR: join(folder.path, 'data') }
  north = await app.addPractice('north', { writes: 'on' })
  token = await app.token(north, { scope: 'system/*.cruds' })
})
after(async () => {
  await app[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

const jobs = (...args: string[]) => charthouse(['jobs', ...args, '--practice', 'north'], environment)

/** Begins it by the API; nobody works on it. The path of its status and its id. */
async function begun(method: string, operation: string, payload?: object) {
  const headers = { prefer: 'respond-async', 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const answer = await app.request({
    ...{ method, url: `/north/fhir/r4/${operation}`, headers },
    ...(payload && { payload: JSON.stringify(payload) }),
  })
  assert.equal(answer.status, 202, answer.text)
  const { pathname } = new URL(String(answer.headers['content-location']))
  return { path: pathname, id: pathname.slice(pathname.lastIndexOf('/') + 1) }
}

const beginImport = () =>
  begun('POST', '$import', {
    ...{ inputFormat: 'application/fhir+ndjson', inputSource: 'https://other.example.org' },
    input: [{ type: 'Patient', url: 'https://other.example.org/p' }],
  })

const statusOf = async (path: string) =>
  (await app.request({ method: 'GET', url: path, headers: { authorization: `Bearer ${token}` } })).status

test('list shows exports and imports with their client, state and percent, and each job', async () => {
  assert.match((await jobs('list')).out, /Nothing waits or runs at north/)
  const exported = await begun('GET', '$export')
  const imported = await beginImport()
  const { out } = await jobs('list')
  assert.match(
    out,
    new RegExp(`^${exported.id}  export  running  0 %  0 files  level system  client operator  since `, 'm'),
  )
  assert.match(
    out,
    new RegExp(`^${imported.id}  import  running  0 %  1 files  level system  client operator  since `, 'm'),
  )
  assert.match(out, new RegExp(`^[-0-9a-f]{36}  job import  ${imported.id}  waiting  since `, 'm'))
})

for (const [name, begin] of [
  ['an export', () => begun('GET', '$export')],
  ['an import', beginImport],
] as const) {
  test(`cancel ends ${name} as DELETE of its status does`, async () => {
    const { path, id } = await begin()
    assert.equal(await statusOf(path), 202)
    const done = await jobs('cancel', id)
    assert.equal(done.status, 0, done.err)
    assert.match(done.out, /^Cancelled the (export|import) /)
    assert.match(done.err, /"event":"cancel","practice":"north","user":"operator"/)
    assert.equal(await statusOf(path), 404)
    assert.equal((await jobs('cancel', id)).status, 1)
  })
}

test('a job that is a step of an import stands for the whole of it', async () => {
  const { path, id } = await beginImport()
  const [, job = ''] = new RegExp(`^([-0-9a-f]{36})  job import  ${id}`, 'm').exec((await jobs('list')).out) ?? []
  assert.match((await jobs('cancel', job)).out, /^Cancelled the import/)
  assert.equal(await statusOf(path), 404)
})

test('cancel ends another job, and says of what is not there how to find what is', async () => {
  const { db } = app.installation
  const id = await db.transaction((transaction) =>
    addJob(transaction, { practice: north.number, kind: 'reindex', topic: 'Patient', payload: {} }),
  )
  assert.equal((await jobs('cancel', id)).out, `Cancelled the job ${id}\n`)
  assert.equal((await jobStatus(db, north.number, id))?.state, 'cancelled')
  assert.match((await jobs('list')).out, new RegExp(`^${id}  job reindex  Patient  cancelled`, 'm'))
  for (const unknown of [id, 'nonsense']) {
    const refused = await jobs('cancel', unknown)
    assert.equal(refused.status, 1)
    assert.match(refused.err, /Nothing to cancel has the id .*: charthouse jobs list --practice north/)
  }
})

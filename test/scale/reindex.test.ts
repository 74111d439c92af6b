import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { readSettings } from '#config'
import { sql } from '#db'
import { activeJobs, jobStatus } from '#jobs'
import { changeSettings, type PracticeRecord } from '#platform'
import { openStores, queueReindex } from '#store'
import { openInstallation, queueReindexes, workerOf } from '../../src/app.ts'
import { type TestApp, testApp } from '../support/test-app.ts'

const observation = (n: number) => ({
  resourceType: 'Observation',
  id: `o${n}`,
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '8302-2' }] },
  subject: { reference: 'Patient/p1' },
  effectiveDateTime: '2024-03-01',
  valueQuantity: { value: n, unit: 'cm', system: 'http://unitsofmeasure.org', code: 'cm' },
})

const patient = { resourceType: 'Patient', id: 'p1', name: [{ family: 'Smith' }], birthDate: '2001-02-03' }

/** As if the rows had been indexed by a version that knew little. */
async function forgetIndex({ installation: { db } }: TestApp, { number }: PracticeRecord) {
  await db.run(sql`update index_state set fingerprint = 'older' where practice = ${number}`)
  await db.run(
    sql`update resource set toks = '{}', present = '', patient = null, dt = 0, dt_end = null where practice = ${number}`,
  )
  for (const table of [sql`index_string`, sql`index_number`, sql`index_date`, sql`index_token`]) {
    await db.run(sql`delete from ${table} where practice = ${number}`)
  }
}

async function done({ installation: { db } }: TestApp, { number }: PracticeRecord, ids: readonly string[]) {
  for (const id of ids) {
    for (let tries = 0; (await jobStatus(db, number, id))?.state !== 'done'; tries++) {
      assert.ok(tries < 3000, JSON.stringify(await jobStatus(db, number, id)))
      await sleep(20)
    }
  }
}

const work = (app: TestApp) => workerOf(app.installation, { log: undefined, slots: 1 })
const searches = [
  'Patient?name=smi',
  'Patient?birthdate=2001',
  'Patient/p1/Observation',
  'Observation?code=8302-2&_sort=-date',
  'Observation?code=http://loinc.org|8302-2&value-quantity=gt3',
  'Observation?date=2024-03-01',
  'Observation?subject:missing=false',
]

/** The ids that each search finds, and what is stored, to the letter. */
async function answers(app: TestApp, practice: PracticeRecord) {
  const token = await app.token(practice)
  const found = searches.map(async (path) => {
    const { json } = await app.get(practice, path, token)
    return [path, json.entry?.map(({ resource }: { resource: object }) => resource) ?? json]
  })
  return Object.fromEntries(await Promise.all(found))
}

test('a type whose parameters changed is found again after its reindex; texts, versions and order stay', async () => {
  await using app = await testApp()
  const practice = await app.addPractice('north')
  const other = await app.addPractice('south')
  for (const one of [practice, other]) await app.load(one, [patient, ...[1, 2, 3, 4, 5].map(observation)])
  const before = await answers(app, practice)
  for (const [path, found] of Object.entries(before)) assert.ok((found as unknown[]).length > 0, path)
  assert.equal(await queueReindexes(app.installation), 0)
  await forgetIndex(app, practice)
  assert.notDeepEqual(await answers(app, practice), before)
  const scope = app.installation.directory.scopeOf(practice)
  const ids = await queueReindex(app.installation.db, scope)
  assert.equal(ids.length, 2)
  assert.deepEqual(await queueReindex(app.installation.db, scope), ids, 'queued once')
  await using _ = await work(app)
  await done(app, practice, ids)
  assert.deepEqual(await answers(app, practice), before)
  assert.equal(await queueReindexes(app.installation), 0)
})

test('a new time zone moves the dates that have none', async () => {
  await using app = await testApp()
  const practice = await app.addPractice('north')
  await app.load(practice, [observation(1)])
  const token = await app.token(practice)
  const atNoon = 'Observation?date=2024-03-01T03:00:00Z'
  const found = async (path: string) => (await app.get(practice, path, token)).json.entry?.length ?? 0
  assert.equal(await found('Observation?date=sa2024-03-01T00:00:00%2B14:00'), 1)
  const record = await changeSettings(app.installation.db, 'north', { timeZone: 'America/Chicago' })
  const ids = await queueReindex(app.installation.db, app.installation.directory.scopeOf(record))
  assert.equal(ids.length, 1)
  await using _ = await work(app)
  await done(app, practice, ids)
  const row = await app.installation.db.maybeOne<{ dt: string; ordered: string }>(sql`
    select r.dt, t.dt as ordered from resource r join index_token t on t.practice = r.practice and t.rid = r.rid
    where r.practice = ${practice.number}
  `)
  const midnight = String(Date.parse('2024-03-01T06:00:00Z'))
  assert.deepEqual(row, { dt: midnight, ordered: midnight }, atNoon)
})

test('whoever writes by another time zone during a reindex or after it leaves the type to be indexed again', async () => {
  await using app = await testApp()
  const { db, find, directory } = app.installation
  const practice = await app.addPractice('north')
  await app.load(practice, [observation(1)])
  const scope = directory.scopeOf(practice)
  const state = async () =>
    (
      await db.maybeOne<{ fingerprint: string }>(
        sql`select fingerprint from index_state where practice = ${practice.number}`,
      )
    )?.fingerprint
  const own = await state()
  const resource = observation(2)
  const write = { kind: 'put' as const, type: 'Observation', id: 'o2', text: JSON.stringify(resource), resource }
  await openStores(db, find)
    .for({ ...scope, zone: 'Asia/Tokyo' })
    .write([write])
  assert.equal(await state(), 'mixed')
  const ids = await queueReindex(db, scope)
  await using _ = await work(app)
  await done(app, practice, ids)
  assert.equal((await state())?.split('@')[0], own)
})

const inNewYork = 'https://fhir.example.org/north/fhir/r4'

/** Patients whom an absolute reference of an Observation makes its owner, by the Observation's id. */
async function ownersOf({ installation: { db } }: TestApp, { number }: PracticeRecord) {
  const rows = await db.many<{ id: string }>(sql`
    select o.id from resource o join resource p on p.practice = o.practice and p.key = o.patient
    where o.practice = ${number} and p.practice = ${number} order by o.id
  `)
  return rows.map(({ id }) => id).filter((id) => id.startsWith('o'))
}

test('another path or BASE_URL makes other absolute references our own: types that hold some are indexed again', async () => {
  await using app = await testApp()
  const { db, directory, settings } = app.installation
  const practice = await app.addPractice('north')
  const here = directory.scopeOf(practice).bases[0]
  const about = (n: number, reference: string) => ({ ...observation(n), subject: { reference } })
  const absolute = [about(1, `${here}/Patient/p1`), about(2, `${inNewYork}/Patient/p1`)]
  await app.load(practice, [patient, ...absolute, about(3, 'Patient/p1'), { resourceType: 'Basic', id: 'b' }])
  assert.deepEqual(await ownersOf(app, practice), ['o1', 'o3'])
  assert.equal(await queueReindexes(app.installation), 0)

  const moved = await changeSettings(db, 'north', { path: 'uptown' })
  const ids = await queueReindex(db, directory.scopeOf(moved))
  assert.equal(ids.length, 1, 'Patient and Basic hold no absolute reference')
  {
    await using _ = await work(app)
    await done(app, practice, ids)
  }
  assert.deepEqual(await ownersOf(app, practice), ['o3'])

  await changeSettings(db, 'north', { path: '' })
  const { databaseUrl, dataDir } = settings
  const elsewhere = { DATABASE_URL: databaseUrl, DATA_DIR: dataDir, BASE_URL: 'https://fhir.example.org' }
  await using other = await openInstallation(readSettings(elsewhere))
  assert.equal(await queueReindexes(other), 1)
  const [job] = await activeJobs(db, practice.number, 'reindex')
  await using _ = await workerOf(other, { log: undefined, slots: 1 })
  await done(app, practice, [job?.id ?? ''])
  assert.deepEqual(await ownersOf(app, practice), ['o2', 'o3'])
  assert.equal(await queueReindexes(other), 0)
  assert.equal(await queueReindexes(app.installation), 1)
})

for (const [reference, state] of [
  ['Patient/p1', 'settled'],
  [`${inNewYork}/Patient/p1`, 'mixed'],
] as const) {
  test(`a writer at another address that refers to ${reference} leaves the type ${state}`, async () => {
    await using app = await testApp()
    const { db, find, directory } = app.installation
    const practice = await app.addPractice('north')
    await app.load(practice, [observation(0)])
    await app.load(practice, [{ ...observation(1), subject: { reference: `${inNewYork}/Patient/p1` } }])
    assert.equal(await queueReindexes(app.installation), 0)
    const resource = { ...observation(2), subject: { reference } }
    const scope = { ...directory.scopeOf(practice), bases: [inNewYork] }
    const write = { kind: 'put' as const, type: 'Observation', id: 'o2', text: JSON.stringify(resource), resource }
    await openStores(db, find).for(scope).write([write])
    assert.equal(await queueReindexes(app.installation), state === 'mixed' ? 1 : 0)
  })
}

test('a reindex that was killed with -9 goes on from its last chunk', async () => {
  await using app = await testApp()
  const { db, directory, settings } = app.installation
  const practice = await app.addPractice('north')
  await app.load(practice, [patient, ...Array.from({ length: 2500 }, (_, i) => observation(i))])
  const before = await answers(app, practice)
  await forgetIndex(app, practice)
  const [id = ''] = await queueReindex(db, directory.scopeOf(practice), ['Observation'])
  const progress = async () => (await jobStatus(db, practice.number, id))?.progress as { done?: number }
  await db.transaction(async (transaction) => {
    // a row of the third chunk is held: none can be done before the kill
    await transaction.run(sql`select from resource where practice = ${practice.number} and id = 'o1200' for update`)
    const child = fork(new URL('../../src/cli/main.ts', import.meta.url), ['work', '--at-once', '1'], {
      env: { ...process.env, DATABASE_URL: settings.databaseUrl, DATA_DIR: settings.dataDir, LOG: 'off' },
      stdio: 'ignore',
    })
    while ((await progress()).done !== 1000) await sleep(5)
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  assert.equal((await progress()).done, 1000)
  assert.equal((await activeJobs(db, practice.number, 'reindex')).find((job) => job.id === id)?.state, 'running')
  await db.run(sql`update job set due = now() where practice = ${practice.number} and state = 'running'`) // its lease has run out
  await db.run(sql`update practice_work set waiting_since = now() where practice = ${practice.number}`)
  await using _ = await work(app)
  const others = await queueReindex(db, directory.scopeOf(practice))
  await done(app, practice, [id, ...others])
  assert.equal((await progress()).done, 2500, 'no row was done twice')
  assert.deepEqual(await answers(app, practice), before)
})

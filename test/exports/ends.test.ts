import assert from 'node:assert/strict'
import { after, afterEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { name, sql } from '#db'
import { Problem } from '#lib'
import { deleteExport } from '../../src/bulk/records/deletion-store.ts'
import { removeOldExports } from '../../src/bulk/records/remove-store.ts'
import { type ExportingPractice, exportEngine } from '../support/export-engine.ts'

const engine = await exportEngine()
after(() => engine[Symbol.asyncDispose]())
afterEach(() => {
  engine.beforeCreate = async () => {}
  engine.beforeFinish = async () => {}
  engine.beforeRemove = async () => {}
})
const { db } = engine.app.installation

async function practiceWith(patients: number): Promise<ExportingPractice> {
  const practice = await engine.addPractice()
  await practice.load(Array.from({ length: patients }, (_, i) => ({ resourceType: 'Patient', id: `p${i}` })))
  return practice
}

function remove({ record }: ExportingPractice, id: string) {
  return db.transaction((transaction) => deleteExport(transaction, record.number, id))
}

async function activeJobs({ record }: ExportingPractice): Promise<string[]> {
  const rows = await db.many<{ topic: string }>(sql`
    select topic from job where practice = ${record.number} and kind = 'export' and state in ('waiting', 'running')
  `)
  return rows.map(({ topic }) => topic)
}

async function workLeft({ record }: ExportingPractice): Promise<number> {
  const row = await db.maybeOne<{ rows: number }>(sql`
    select ((select count(*) from export_member where practice = ${record.number})
      + (select count(*) from export_row where practice = ${record.number})
      + (select count(*) from export_target where practice = ${record.number}))::int4 as rows
  `)
  return row?.rows ?? 0
}

/** Makes what waits for later due now. */
function hasten({ record }: ExportingPractice, at = db) {
  return at.transaction(async (transaction) => {
    await transaction.run(sql`update job set due = now() where practice = ${record.number} and state = 'waiting'`)
    await transaction.run(sql`update practice_work set waiting_since = now() where practice = ${record.number}`)
  })
}

test('a part that fails eight times ends the export with its reason; the next of the client has its turn', async () => {
  const practice = await practiceWith(3)
  const created: string[] = []
  const isSeen = Promise.withResolvers<void>()
  engine.beforeCreate = async (file) => void created.push(file)
  engine.beforeFinish = async (file) => {
    await isSeen.promise
    if (file.includes(first)) throw new Problem('unavailable', 'The disk is full: free some space')
  }
  const first = await practice.begin({ level: 'patient', patients: ['p1'] }, { mostRunning: 1 })
  const second = await practice.begin({}, { mostRunning: 1 })
  const { state: before } = await practice.find(second)
  isSeen.resolve()
  assert.equal(before, 'queued')
  const { state, sentence } = await practice.ended(first)
  assert.deepEqual([state, sentence], ['failed', 'The disk is full: free some space'])
  const tries = created.filter((file) => file.includes(first)).length
  assert.equal(tries, 8)
  assert.equal((await practice.made(second)).lines.size, 3)
  await engine.idle()
  for (const file of created.slice(0, tries)) assert.equal(await engine.files.open(file), undefined)
  assert.equal(await workLeft(practice), 0)
})

test('who asks is told that an export waits to be tried again, until it goes on', async () => {
  await using patient = await exportEngine({ backOffSeconds: 3600 })
  const practice = await patient.addPractice()
  await practice.load([{ resourceType: 'Patient', id: 'p' }])
  let isFull = true
  patient.beforeFinish = async () => {
    if (isFull) throw new Problem('unavailable', 'The disk is full: free some space')
  }
  const id = await practice.begin({})
  await until(async () => (await practice.find(id)).isRetried)
  isFull = false
  await hasten(practice, patient.app.installation.db)
  const { state, isRetried } = await practice.ended(id)
  assert.deepEqual([state, isRetried], ['done', false])
})

test('a failure that passes costs nothing but time', async () => {
  const practice = await practiceWith(120)
  let files = 0
  engine.beforeFinish = async () => {
    if ([2, 3, 6, 9].includes(++files)) throw new Problem('unavailable', 'The store of files cannot be reached')
  }
  const { lines } = await practice.run({}, { mostLines: 25 })
  assert.equal(lines.size, 120)
  assert.ok(files > 5)
})

test('of a client so many run at once, the others follow in their order; another client waits for none of them', async () => {
  const practice = await practiceWith(1)
  const held = Promise.withResolvers<void>()
  practice.beforeSee = () => held.promise
  const ids: string[] = []
  for (let i = 0; i < 4; i++) ids.push(await practice.begin({}))
  const other = await practice.begin({}, {}, 'other')
  const states = await Promise.all([...ids, other].map(async (id) => (await practice.find(id)).state))
  assert.deepEqual(states, ['running', 'running', 'queued', 'queued', 'running'])
  await remove(practice, ids[0] ?? '')
  assert.equal((await practice.find(ids[2] ?? '')).state, 'running')
  assert.equal((await practice.find(ids[3] ?? '')).state, 'queued')
  held.resolve()
  for (const id of [...ids.slice(1), other]) assert.equal((await practice.ended(id)).state, 'done')
})

for (const [step, asked, table, request] of [
  ['begins', 1, 'export_row', { filters: { Patient: ['_id=p1'] } }],
  ['reads rows', 2, 'resource', {}],
  [
    'gathers what records refer to',
    3,
    'export_row',
    { level: 'patient', patients: ['p1'], types: ['Patient', 'Device'] },
  ],
  ['tells deletions', 3, 'resource_history', { types: ['Patient'], since: 1 }],
] as const) {
  test(`an export that is deleted while it ${step} ends its statement, its jobs and its files`, async () => {
    const practice = await practiceWith(3)
    const created: string[] = []
    engine.beforeCreate = async (file) => void created.push(file)
    const release = Promise.withResolvers<void>()
    let holding: Promise<unknown> = Promise.resolve()
    let times = 0
    practice.beforeSee = async () => {
      if (++times !== asked) return
      const locked = Promise.withResolvers<void>()
      holding = db.transaction(async (transaction) => {
        await transaction.run(sql`lock table ${name(table)} in access exclusive mode`)
        locked.resolve()
        await release.promise
      })
      await locked.promise
    }
    const id = await practice.begin(request)
    try {
      await until(async () => (await waiting()).length === 1)
      const [held = ''] = await waiting()
      assert.equal(await remove(practice, id), true)
      assert.equal(await remove(practice, id), false, 'once')
      await until(async () => !(await waiting()).includes(held)) // the removal's statements may wait by now
      assert.deepEqual([(await practice.find(id)).state, await activeJobs(practice)], ['deleted', []])
    } finally {
      release.resolve()
      await holding
    }
    await engine.idle()
    for (const file of created) assert.equal(await engine.files.open(file), undefined)
    assert.equal(await workLeft(practice), 0)
  })
}

/** Statements that wait for a lock, by who runs them and since when. */
async function waiting(): Promise<string[]> {
  const rows = await db.many<{ statement: string }>(sql`
    select pid || ' since ' || query_start as statement from pg_stat_activity
    where datname = current_database() and state = 'active' and wait_event_type = 'Lock'
  `)
  return rows.map(({ statement }) => statement)
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 3000; i++) {
    if (await isSo()) return
    await sleep(20)
  }
  throw new Error('it did not become so within a minute')
}

test('what a slow worker writes after the export was deleted is removed, too', async () => {
  const practice = await practiceWith(3)
  const [creating, goOn] = [Promise.withResolvers<string>(), Promise.withResolvers<void>()]
  engine.beforeCreate = async (file) => {
    creating.resolve(file)
    await goOn.promise
  }
  const id = await practice.begin({})
  const file = await creating.promise
  await engine.addWorker()
  await remove(practice, id)
  await until(async () => (await removals(practice)).includes('done'))
  goOn.resolve()
  const folder = file.slice(0, file.lastIndexOf('/'))
  await (await engine.files.create(`${folder}/late`)).finish()
  await hasten(practice)
  await until(async () => (await removals(practice)).every((state) => state === 'done'))
  for (const left of [file, `${folder}/late`]) assert.equal(await engine.files.open(left), undefined)
})

async function removals({ record }: ExportingPractice): Promise<string[]> {
  const rows = await db.many<{ state: string }>(sql`
    select state from job where practice = ${record.number} and kind = 'export-remove'
  `)
  return rows.map(({ state }) => state)
}

test('an export that is done expires, its files go, and a month later all that is known of it', async () => {
  const practice = await practiceWith(2)
  const { exported, files } = await practice.run({}, { expiryHours: 1 })
  const [{ stored } = { stored: '' }] = files
  assert.equal((exported.expires ?? 0) - (exported.ended ?? 0), 3_600_000)
  await db.run(sql`
    update export set expires_at = now() where practice = ${practice.record.number} and id = ${exported.id}
  `)
  assert.equal((await practice.find(exported.id)).state, 'expired')
  await hasten(practice)
  await until(async () => {
    const opened = await engine.files.open(stored)
    opened?.stream.destroy()
    return opened === undefined
  })
  assert.equal(await removeOldExports(db, practice.record.number), 0)
  await db.run(sql`
    update export set expires_at = now() - interval '31 days', ended_at = now() - interval '32 days',
      created_at = now() - interval '32 days'
    where practice = ${practice.record.number} and id = ${exported.id}
  `)
  assert.equal(await removeOldExports(db, practice.record.number), 1)
  assert.deepEqual(await practice.filesOf(exported.id), [])
})

test('an export is made while the store of files is slow to remove another', async () => {
  const practice = await practiceWith(3)
  const [removing, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const { exported } = await practice.run({})
  engine.beforeRemove = () => {
    removing.resolve()
    return goOn.promise
  }
  try {
    await remove(practice, exported.id)
    await removing.promise
    await practice.run({})
  } finally {
    goOn.resolve()
  }
})

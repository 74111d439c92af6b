import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Database, sql } from '#db'
import { testDatabase } from '../../test/support/database.ts'
import { jobStatus, queueSweep, startWorker, sweepJob } from './index.ts'
import { claimJob } from './queue/claim.ts'
import { removeEndedJobs } from './queue/ended.ts'

async function addEnded(db: Database, practice: number, state: string, days: number | null): Promise<string> {
  const id = randomUUID()
  await db.run(sql`
    insert into job (practice, id, kind, state, payload, due, ended_at)
    values (${practice}, ${id}, 'count', ${state}, '{}', now() + interval '1 hour', now() - make_interval(days => ${days}))
  `)
  return id
}

for (const [state, days, isKept] of [
  ['done', 31, false],
  ['failed', 31, false],
  ['cancelled', 31, false],
  ['done', 29, true],
  ['waiting', null, true],
] as const) {
  test(`removeEndedJobs() ${isKept ? 'keeps' : 'removes'} a job that is ${state} since ${days ?? 'no'} days`, async () => {
    await using database = await testDatabase()
    const { db } = database
    const [id, other] = [await addEnded(db, 1, state, days), await addEnded(db, 2, state, days)]
    assert.equal(await removeEndedJobs(db, 1), isKept ? 0 : 1)
    assert.equal((await jobStatus(db, 1, id)) !== undefined, isKept)
    assert.ok(await jobStatus(db, 2, other), 'the other practice has its own turn')
  })
}

test('sweepJob() sweeps until nothing is left and comes again a day later', async () => {
  await using database = await testDatabase()
  const { db } = database
  const old = await addEnded(db, 7, 'done', 31)
  const swept: number[] = []
  const leftovers = [2, 1, 0]
  const sweep = async (_: Database, practice: number) => {
    swept.push(practice)
    return leftovers.shift() ?? 0
  }
  const id = await queueSweep(db, 7)
  assert.equal(await queueSweep(db, 7), id, 'queued once')
  await using _ = await startWorker({ db, jobs: [sweepJob(db, [sweep])], pollSeconds: 0.01 })
  while ((await jobStatus(db, 7, id))?.sentence === undefined) await sleep(10)
  assert.deepEqual(swept, [7, 7, 7])
  assert.equal(await jobStatus(db, 7, old), undefined)
  assert.equal((await jobStatus(db, 7, id))?.state, 'waiting')
  assert.equal(await claimJob(db, ['sweep'], 60), undefined)
  const row = await db.maybeOne<{ hours: number }>(sql`
    select extract(epoch from due - now())::float8 / 3600 as hours from job where practice = 7 and id = ${id}
  `)
  assert.ok(row && row.hours > 23.9 && row.hours <= 24, `${row?.hours}`)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Database, sql } from '#db'
import { Problem } from '#lib'
import { testDatabase } from '../../test/support/database.ts'
import { addJob, cancelJob, type Job, type JobStatus, jobStatus, Postponed, startWorker, type Work } from './index.ts'
import { claimJob } from './queue/claim.ts'
import { saveProgress } from './queue/lease.ts'

const quick = { pollSeconds: 0.01, backOffSeconds: 0.01, leaseSeconds: 1 }
const job = (name: string, run: (work: Work) => Promise<void>): Job => ({ name, payload: (stored) => stored, run })
const add = (db: Database, practice = 1, more: { kind?: string; topic?: string; payload?: object } = {}) =>
  db.transaction((transaction) => addJob(transaction, { practice, kind: 'count', payload: {}, ...more }))

async function ended(db: Database, practice: number, id: string): Promise<JobStatus> {
  for (let tries = 0; tries < 6000; tries++) {
    const status = await jobStatus(db, practice, id)
    if (status && status.state !== 'waiting' && status.state !== 'running') return status
    await sleep(10)
  }
  throw new Error('the job has not ended in a minute')
}

test('a worker does what was added, with its payload, and says so in a line', async () => {
  await using database = await testDatabase()
  const { db } = database
  const payloads: unknown[] = []
  const lines: string[] = []
  const id = await add(db, 7, { payload: { n: 1 } })
  const log = { write: (line: string) => void lines.push(line) }
  await using _ = await startWorker({
    ...quick,
    db,
    log,
    jobs: [job('count', async ({ payload }) => void payloads.push(payload))],
  })
  assert.equal((await ended(db, 7, id)).state, 'done')
  assert.deepEqual(payloads, [{ n: 1 }])
  while (lines.length === 0) await sleep(5)
  const { event, practice, name, outcome } = JSON.parse(lines[0] ?? '')
  assert.deepEqual({ event, practice, name, outcome }, { event: 'job', practice: 7, name: 'count', outcome: 'done' })
})

test('startWorker() refuses when the queue holds a kind that it does not know', async () => {
  await using database = await testDatabase()
  await add(database.db, 1, { kind: 'fold' })
  const start = startWorker({ ...quick, db: database.db, jobs: [job('count', async () => {})] })
  await assert.rejects(start, { kind: 'unavailable', message: /jobs of the kind "fold", this charthouse knows count/ })
})

test('a job whose worker went silent is taken over and goes on from its progress', async () => {
  await using database = await testDatabase()
  const { db } = database
  const id = await add(db)
  const dead = await claimJob(db, ['count'], 1)
  assert.ok(dead && (await saveProgress(db, dead, { at: 41 })))
  let seen: unknown
  await using _ = await startWorker({
    ...quick,
    db,
    jobs: [
      job('count', async ({ progress }) => {
        seen = progress
      }),
    ],
  })
  assert.equal((await ended(db, 1, id)).state, 'done')
  assert.deepEqual(seen, { at: 41 })
})

test('the heartbeat keeps a job that takes longer than its lease', async () => {
  await using database = await testDatabase()
  const { db } = database
  const id = await add(db)
  const over = Promise.withResolvers<void>()
  const slow = job('count', () => over.promise)
  const leases = () =>
    db.maybeOne<{ state: string; lease: number; due: string }>(sql`
      select state, lease, due::text from job where practice = 1 and id = ${id}
    `)
  await using _ = await startWorker({ ...quick, db, jobs: [slow] })
  try {
    let first = await leases()
    while (first?.state !== 'running') first = await leases()
    // renewed when it had run for longer than two leases; nobody claims what is not due
    const isRenewed = sql`select 1 from job where practice = 1 and id = ${id} and due > ${first.due}::timestamptz + interval '2 s'`
    for (let tries = 0; !(await db.maybeOne(isRenewed)); tries++) {
      assert.ok(tries < 6000, 'the lease was not renewed')
      await sleep(10)
    }
  } finally {
    over.resolve()
  }
  assert.equal((await ended(db, 1, id)).state, 'done')
  assert.equal((await leases())?.lease, 1, 'it was claimed once')
})

test('a run that lost its job hears of it, and what it saves with its effects is taken back', async () => {
  await using database = await testDatabase()
  const { db } = database
  const id = await add(db)
  let failure: unknown
  const started = Promise.withResolvers<void>()
  const stubborn = job('count', async ({ signal, save }) => {
    started.resolve()
    while (!signal.aborted) await sleep(5)
    await db
      .transaction(async (transaction) => {
        await add(db, 9)
        await save({ at: 1 }, transaction)
      })
      .catch((error: unknown) => {
        failure = error
      })
  })
  await using _ = await startWorker({ ...quick, leaseSeconds: 0.15, db, jobs: [stubborn] })
  await started.promise
  assert.equal(await db.transaction((transaction) => cancelJob(transaction, 1, id)), true)
  while (!failure) await sleep(5)
  assert.deepEqual((await jobStatus(db, 1, id))?.progress, {})
  assert.equal((await jobStatus(db, 1, id))?.state, 'cancelled')
})

test('a failure that may pass is tried again, one that will not ends the job with its sentence', async () => {
  await using database = await testDatabase()
  const { db } = database
  let tries = 0
  const flaky = job('flaky', async () => {
    if (++tries < 3) throw new Problem('unavailable', 'The disk is full')
  })
  const wrong = job('wrong', async () => {
    throw new Problem('incorrect', 'Cannot read the file "a"')
  })
  const [first, second] = [await add(db, 1, { kind: 'flaky' }), await add(db, 2, { kind: 'wrong' })]
  await using _ = await startWorker({ ...quick, db, jobs: [flaky, wrong] })
  assert.equal((await ended(db, 1, first)).state, 'done')
  assert.equal(tries, 3)
  const { state, sentence } = await ended(db, 2, second)
  assert.deepEqual({ state, sentence }, { state: 'failed', sentence: 'Cannot read the file "a"' })
})

test('a job that is given up says so where its effects are, in one transaction; one that is lost does not', async () => {
  await using database = await testDatabase()
  const { db } = database
  const told: unknown[] = []
  const wrong: Job = {
    ...job('count', async () => {
      throw new Problem('incorrect', 'Cannot read the file "a"')
    }),
    failed: async ({ practice, payload }, why, transaction) => {
      told.push([practice, payload, why])
      await addJob(transaction, { practice: 9, kind: 'count', payload: {}, afterSeconds: 3600 })
    },
  }
  const id = await add(db, 1, { payload: { n: 1 } })
  await using _ = await startWorker({ ...quick, db, jobs: [wrong] })
  assert.equal((await ended(db, 1, id)).state, 'failed')
  assert.deepEqual(told, [[1, { n: 1 }, { kind: 'incorrect', sentence: 'Cannot read the file "a"' }]])
  assert.equal((await db.many(sql`select 1 from job where practice = 9`)).length, 1)
})

test('attempts without progress are counted and end, killed workers among them', async () => {
  await using database = await testDatabase()
  const { db } = database
  const id = await add(db)
  for (let i = 0; i < 3; i++) assert.ok(await claimJob(db, ['count'], 0))
  let runs = 0
  await using _ = await startWorker({ ...quick, mostAttempts: 3, db, jobs: [job('count', async () => void runs++)] })
  const { state, sentence } = await ended(db, 1, id)
  assert.deepEqual([state, runs], ['failed', 0])
  assert.match(sentence ?? '', /3 workers in a row/)
})

test('a postponed job waits, counts no failure and is told without a stack', async () => {
  await using database = await testDatabase()
  const { db } = database
  let runs = 0
  const lines: string[] = []
  const id = await add(db)
  const later = job('count', async () => {
    if (++runs < 5) throw new Postponed('Another is not ready', 0.01)
  })
  await using _ = await startWorker({
    ...quick,
    mostAttempts: 2,
    db,
    log: { write: (line) => void lines.push(line) },
    jobs: [later],
  })
  assert.equal((await ended(db, 1, id)).state, 'done')
  assert.equal(runs, 5)
  const { outcome, sentence, stack } = JSON.parse(lines[0] ?? '')
  assert.deepEqual([outcome, sentence, stack], ['postponed', 'Another is not ready', undefined])
})

test('a worker that stops gives its job back at once', async () => {
  await using database = await testDatabase()
  const { db } = database
  const id = await add(db)
  const started = Promise.withResolvers<void>()
  const patient = job('count', async ({ signal, save }) => {
    await save({ at: 3 })
    started.resolve()
    while (!signal.aborted) await sleep(5)
    signal.throwIfAborted()
  })
  const worker = await startWorker({ ...quick, leaseSeconds: 60, db, jobs: [patient] })
  await started.promise
  await worker[Symbol.asyncDispose]()
  const status = await jobStatus(db, 1, id)
  assert.deepEqual([status?.state, status?.progress, status?.attempts], ['waiting', { at: 3 }, 0])
  assert.ok(await claimJob(db, ['count'], 60))
})

test('a worker that has nothing to do hears of what is added, long before it looks again', async () => {
  await using database = await testDatabase()
  const { db } = database
  const first = await add(db)
  const counting = job('count', async () => {})
  await using _ = await startWorker({ db, jobs: [counting], pollSeconds: 3600 })
  assert.equal((await ended(db, 1, first)).state, 'done')
  assert.equal((await ended(db, 1, await add(db))).state, 'done')
})

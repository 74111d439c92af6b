import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from '#db'
import { testDatabase } from '../../test/support/database.ts'
import { addJob, type Job, startWorker } from './index.ts'

const quick = { pollSeconds: 0.01, leaseSeconds: 60 }

test('a slot goes on beside jobs that only wait, up to two, and stops with none of them left', async () => {
  await using database = await testDatabase()
  const { db } = database
  const add = (kind: string) => db.transaction((transaction) => addJob(transaction, { practice: 1, kind, payload: {} }))
  const release = Promise.withResolvers<void>()
  const twoWait = Promise.withResolvers<void>()
  const told: string[] = []
  let [waiting, most] = [0, 0]
  const store: Job = {
    name: 'store',
    isWaiting: true,
    payload: (stored) => stored,
    async run() {
      most = Math.max(most, ++waiting)
      if (waiting === 2) twoWait.resolve()
      await release.promise
      waiting--
    },
  }
  const works = Promise.withResolvers<void>()
  const count: Job = { name: 'count', payload: (stored) => stored, run: async () => works.resolve() }
  await add('store')
  await add('count')
  const log = { write: (line: string) => void told.push((JSON.parse(line) as { name: string }).name) }
  const worker = await startWorker({ ...quick, db, log, jobs: [store, count] })
  await works.promise
  for (let n = 0; n < 3; n++) await add('store')
  await twoWait.promise
  await sleep(100) // a third would be begun
  const stopped = worker[Symbol.asyncDispose]()
  release.resolve()
  await stopped
  assert.equal(waiting, 0)
  assert.equal(most, 2)
  assert.ok(told.filter((name) => name === 'store').length >= 2)
  assert.deepEqual(await db.many(sql`select 1 from job where state = 'running'`), [])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Database } from '#db'
import { testDatabase } from '../../../test/support/database.ts'
import { addJob, cancelTopics, jobStatus } from '../index.ts'
import { claimJob } from './claim.ts'
import { endJob, renewLease, saveProgress } from './lease.ts'

const add = (db: Database, practice = 1, more: { kind?: string; topic?: string; payload?: object } = {}) =>
  db.transaction((transaction) => addJob(transaction, { practice, kind: 'count', payload: {}, ...more }))

test('claimJob() leaves a kind that came later to others and goes on to the next practice', async () => {
  await using database = await testDatabase()
  const { db } = database
  await add(db, 1, { kind: 'fold' })
  const id = await add(db, 2)
  assert.equal((await claimJob(db, ['count'], 60))?.id, id)
  assert.equal((await claimJob(db, ['count'], 60))?.id, undefined)
})

test('practices take turns, whoever queued first', async () => {
  await using database = await testDatabase()
  const { db } = database
  for (const practice of [1, 1, 1, 2, 3]) await add(db, practice)
  const order: number[] = []
  for (;;) {
    const claimed = await claimJob(db, ['count'], 60)
    if (!claimed) break
    order.push(claimed.practice)
    await endJob(db, claimed, { state: 'done' })
  }
  assert.deepEqual(order, [1, 2, 3, 1, 1])
})

test('a practice that runs a job comes after one that runs none, even if that was served later', async () => {
  await using database = await testDatabase()
  const { db } = database
  const claim = () => claimJob(db, ['count'], 60)
  await add(db, 1)
  await add(db, 1)
  assert.equal((await claim())?.practice, 1)
  await add(db, 2)
  const second = await claim()
  assert.ok(second?.practice === 2 && (await endJob(db, second, { state: 'done' })))
  await add(db, 2)
  assert.equal((await claim())?.practice, 2)
  assert.equal((await claim())?.practice, 1)
})

test('a job is claimed once, however many workers ask', async () => {
  await using database = await testDatabase({ connections: 8 })
  const { db } = database
  for (let i = 0; i < 20; i++) await add(db, i % 3)
  const claimAll = async () => {
    const ids: string[] = []
    for (let idle = 0; idle < 20; ) {
      const claimed = await claimJob(db, ['count'], 60)
      if (claimed) ids.push(claimed.id)
      else idle++
    }
    return ids
  }
  const ids = (await Promise.all([1, 2, 3, 4, 5, 6].map(claimAll))).flat()
  assert.equal(ids.length, 20)
  assert.equal(new Set(ids).size, 20)
})

test('addJob() adds one job of a topic at a time', async () => {
  await using database = await testDatabase()
  const { db } = database
  const [one, same] = await Promise.all([add(db, 1, { topic: 'a' }), add(db, 1, { topic: 'a' })])
  assert.equal(one, same)
  assert.notEqual(await add(db, 1, { topic: 'b' }), one)
  const claimed = await claimJob(db, ['count'], 60)
  assert.ok(claimed && (await endJob(db, claimed, { state: 'done' })))
  assert.notEqual(await add(db, 1, { topic: 'a' }), one)
})

test('who lost the lease can neither renew, save nor end', async () => {
  await using database = await testDatabase()
  const { db } = database
  await add(db)
  const first = await claimJob(db, ['count'], 0)
  const second = await claimJob(db, ['count'], 60)
  assert.ok(first && second && first.id === second.id)
  assert.equal(await renewLease(db, first, 60), false)
  assert.equal(await saveProgress(db, first, { at: 1 }), false)
  assert.equal(await endJob(db, first, { state: 'done' }), false)
  assert.equal(await saveProgress(db, second, { at: 2 }), true)
  assert.equal(await endJob(db, second, { state: 'done' }), true)
  assert.deepEqual((await jobStatus(db, 1, first.id))?.progress, { at: 2 })
})

test('cancelTopics() ends the jobs of a kind whose topics begin so, and no others', async () => {
  await using database = await testDatabase()
  const { db } = database
  const [one, two, other] = [
    await add(db, 1, { topic: 'a/1' }),
    await add(db, 1, { topic: 'a/2' }),
    await add(db, 1, { topic: 'ab/1' }),
  ]
  assert.equal(await db.transaction((transaction) => cancelTopics(transaction, 1, 'count', 'a/')), 2)
  const states = await Promise.all([one, two, other].map(async (id) => (await jobStatus(db, 1, id))?.state))
  assert.deepEqual(states, ['cancelled', 'cancelled', 'waiting'])
})

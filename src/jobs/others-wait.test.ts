import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Database, sql } from '#db'
import { testDatabase } from '../../test/support/database.ts'
import { addJob, othersWait } from './index.ts'
import { claimJob } from './queue/claim.ts'
import { renewLease } from './queue/lease.ts'

const add = (db: Database, practice: number) =>
  db.transaction((transaction) => addJob(transaction, { practice, kind: 'count', payload: {} }))

test('othersWait() tells of what waits, and of what a killed worker left, not of what is held longer than it was claimed for', async () => {
  await using database = await testDatabase()
  const { db } = database
  await add(db, 1)
  assert.equal(await othersWait(db), true, 'it waits')
  const held = await claimJob(db, ['count'], 0)
  assert.ok(held)
  assert.equal(await othersWait(db), true, 'its lease has run out')
  assert.equal(await renewLease(db, held, 60), true)
  const [row] = await db.many(sql`select 1 from practice_work where waiting_since <= now()`)
  assert.ok(row, 'its practice still seems to have work')
  assert.equal(await othersWait(db), false, 'it is held')
  await add(db, 2)
  assert.equal(await othersWait(db), true, "another practice's waits")
})

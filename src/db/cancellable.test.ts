import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { testDatabase } from '../../test/support/database.ts'
import { cancellable } from './cancellable.ts'
import { sql } from './sql.ts'

test('cancellable() ends what runs on the server, and what would run next', async () => {
  await using database = await testDatabase()
  const { db } = database
  const stopping = new AbortController()
  const reason = new Error('enough')
  const work = cancellable(db, stopping.signal).transaction(({ run }) => run(sql`select pg_sleep(60)`))
  const ended = assert.rejects(work, reason)
  await sleep(100)
  stopping.abort(reason)
  await ended
  await assert.rejects(
    cancellable(db, stopping.signal).transaction(({ run }) => run(sql`select 1`)),
    reason,
  )
})

test('cancellable() that was late ends nothing of whoever has the connection next', async () => {
  await using database = await testDatabase({ connections: 2 })
  const { db } = database
  const stopping = new AbortController()
  const other = db.run(sql`select pg_sleep(0.6)`)
  const work = cancellable(db, stopping.signal).transaction(({ run }) => run(sql`select pg_sleep(0.3)`))
  const [next] = [db.run(sql`select pg_sleep(1)`), sleep(100).then(() => stopping.abort(new Error('enough')))]
  await Promise.allSettled([other, work])
  assert.equal(await next, 1)
})

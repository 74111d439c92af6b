import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../test/support/database.ts'
import { sql } from './sql.ts'

const never = new AbortController().signal

test('hear() tells what is told to its channel, also after its connection was lost', async () => {
  await using database = await testDatabase()
  const { db } = database
  await using notices = db.hear('test_channel')
  const isHeard = async () => {
    const told = notices.next(60_000, never, notices.told)
    let isTold = false
    void told.then(() => {
      isTold = true
    })
    while (!isTold) await db.many(sql`select pg_notify('test_channel', '')`)
    return true
  }
  assert.ok(await isHeard())
  const ended = await db.many(sql`
    select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query = 'listen test_channel'`)
  assert.equal(ended.length, 1)
  assert.ok(await isHeard())
})

test('next() ends with its signal, and after its time', async () => {
  await using database = await testDatabase()
  await using notices = database.db.hear('test_channel')
  const stopping = new AbortController()
  const waiting = notices.next(60_000, stopping.signal, notices.told)
  stopping.abort()
  await waiting
  await notices.next(60_000, stopping.signal, notices.told)
  await notices.next(1, never, notices.told)
})

test('next() does not wait for what was told since somebody looked', async () => {
  await using database = await testDatabase()
  const { db } = database
  await using notices = db.hear('test_channel')
  const { told } = notices
  while (notices.told === told) await db.many(sql`select pg_notify('test_channel', '')`)
  const stopping = new AbortController()
  const next = notices.next(3_600_000, stopping.signal, told).then(() => 'told')
  assert.equal(await Promise.race([next, new Promise((done) => setImmediate(done, 'not told'))]), 'told')
  stopping.abort()
})

test('what hears may be closed at once, and while it is lost', async () => {
  await using database = await testDatabase()
  const { db } = database
  for (let i = 0; i < 5; i++) await db.hear('test_channel')[Symbol.asyncDispose]()
  const notices = db.hear('test_channel')
  await notices.next(1000, never, notices.told) // it is there
  const ending = db.many(sql`
    select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query = 'listen test_channel'`)
  await notices[Symbol.asyncDispose]()
  await ending
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { testDatabase } from '../../test/support/database.ts'
import { type Sql, sql } from './sql.ts'

async function copied(statement: Sql, columns: number) {
  await using database = await testDatabase()
  const rows: (string | null)[][] = []
  await database.db.copyOut(statement, (bytes, fields) => {
    rows.push(
      Array.from({ length: columns }, (_, i) =>
        (fields[2 * i] ?? -1) < 0 ? null : bytes.toString('utf8', fields[2 * i], fields[2 * i + 1]),
      ),
    )
  })
  return rows
}

test('copyOut() tells every row, null and empty apart', async () => {
  const rows = await copied(
    sql`select t, case n when 2 then null else '' end from unnest(${['a', 'ü']}::text[]) with ordinality as x (t, n)`,
    2,
  )
  assert.deepEqual(rows, [
    ['a', ''],
    ['ü', null],
  ])
})

test('copyOut() puts values in as they are, whatever they hold', async () => {
  const nasty = `'; drop table resource; -- \\ "$1" {,} ü`
  assert.deepEqual(
    await copied(
      sql`select ${nasty}::text, (${[nasty, 'b']}::text[])[1], ${-3}::int4::text, ${null}::text, ${true}::text`,
      5,
    ),
    [[nasty, nasty, '-3', null, 'true']],
  )
})

test('copyOut() tells rows that are larger than what comes at once, and holds the server back', async () => {
  await using database = await testDatabase()
  const lengths: number[] = []
  let isTold = true
  await database.db.copyOut(sql`select repeat('x', n * 300000) from generate_series(0, 20) n`, async (_, fields) => {
    assert.ok(isTold, 'one at a time')
    isTold = false
    await new Promise(setImmediate)
    lengths.push((fields[1] ?? 0) - (fields[0] ?? 0))
    isTold = true
  })
  assert.deepEqual(
    lengths,
    Array.from({ length: 21 }, (_, n) => n * 300_000),
  )
})

test('copyOut() without rows ends, and the next one works on', async () => {
  await using database = await testDatabase()
  let rows = 0
  await database.db.copyOut(sql`select 1 where false`, () => void rows++)
  await database.db.copyOut(sql`select 1`, () => void rows++)
  assert.equal(rows, 1)
})

test('copyOut() ends the statement on the server when its signal says so', async () => {
  await using database = await testDatabase()
  const stopping = new AbortController()
  const reason = new Error('enough')
  const copying = database.db.copyOut(sql`select pg_sleep(60)`, () => {}, stopping.signal)
  const running = () =>
    database.db.many(
      sql`select 1 from pg_stat_activity where datname = current_database() and query like '%pg_sleep(60)%' and state = 'active' and pid <> pg_backend_pid()`,
    )
  while ((await running()).length === 0);
  stopping.abort(reason)
  await assert.rejects(copying, reason)
  // the server says that it ended before it shows so
  for (let i = 0; i < 6000 && (await running()).length > 0; i++) await sleep(10)
  assert.equal((await running()).length, 0)
})

test('copyOut() tells what the server refuses, and what the listener throws', async () => {
  await using database = await testDatabase()
  await assert.rejects(
    database.db.copyOut(sql`select 1 / 0`, () => {}),
    /division by zero/,
  )
  const refuse = () => {
    throw new TypeError('not this')
  }
  await assert.rejects(database.db.copyOut(sql`select n from generate_series(1, 100000) n`, refuse), /not this/)
  await database.db.copyOut(sql`select 1`, () => {})
})

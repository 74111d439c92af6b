import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '#db'
import { testDatabase } from '../support/database.ts'

const statement = { name: 'two', text: 'select $1::text, $2::text union all select $2::text, null', values: ['a', 'b'] }

test('steady() hands on rows as text, and goes on after its connection was ended', async () => {
  await using database = await testDatabase()
  const { db } = database
  const ask = async () => {
    const rows: (readonly (string | null)[])[] = []
    await db.steady(statement, (row) => rows.push([...row]))
    return rows
  }
  const rows = [
    ['a', 'b'],
    ['b', null],
  ]
  assert.deepEqual(await ask(), rows)
  assert.deepEqual(await ask(), rows)
  await db.many(sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
  `)
  let answer: unknown
  for (let tries = 0; tries < 50 && !answer; tries++) answer = await ask().catch(() => undefined)
  assert.deepEqual(answer, rows)
})

test('steady() rejects with what PostgreSQL says, and goes on', async () => {
  await using database = await testDatabase()
  const { db } = database
  const failing = { name: 'failing', text: 'select (1 / $1::int)::text', values: ['0'] }
  await assert.rejects(
    db.steady(failing, () => undefined),
    { code: '22012' },
  )
  const rows: unknown[] = []
  await db.steady({ ...failing, values: ['1'] }, (row) => rows.push([...row]))
  assert.deepEqual(rows, [['1']])
})

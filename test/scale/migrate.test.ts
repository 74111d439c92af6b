import assert from 'node:assert/strict'
import { test } from 'node:test'
import { migrate, migrations, sql } from '#db'
import { testDatabase } from '../support/database.ts'

const titles = migrations().map(({ title }) => title)

test('migrate() brings an empty database up to date; twice is harmless', async () => {
  await using database = await testDatabase({ isEmpty: true })
  assert.deepEqual(await migrate(database.db), titles)
  assert.deepEqual(await migrate(database.db), [])
})

test('migrate() runs each migration once when several processes start together', async () => {
  await using database = await testDatabase({ isEmpty: true })
  const ran = await Promise.all([1, 2, 3, 4].map(() => migrate(database.open({ connections: 1 }))))
  assert.deepEqual(ran.flat().sort(), titles.toSorted()) // whichever process ran which
})

test('migrate() refuses a newer schema and says what to do', async () => {
  await using database = await testDatabase()
  await database.db.run(sql`insert into migration (number, title) values (${9000}, ${'later'})`)
  await assert.rejects(migrate(database.db), {
    kind: 'unavailable',
    message: `The database has schema 9000, this charthouse knows ${titles.length}: start the version that made it, or a newer one`,
  })
})

test('a migration that fails leaves nothing behind, and the next start tries it again', async () => {
  await using database = await testDatabase({ isEmpty: true })
  await database.db.script('create table job (practice int4)')
  await assert.rejects(migrate(database.db), /job/)
  await database.db.script('drop table job')
  assert.deepEqual(await migrate(database.db), titles)
})

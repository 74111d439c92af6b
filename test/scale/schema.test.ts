import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { sql, tables } from '#db'
import { schemaText } from '../../tools/schema-text.ts'
import { testDatabase } from '../support/database.ts'

test('src/db/schema.sql is the schema after all migrations', async () => {
  await using database = await testDatabase()
  const committed = readFileSync(new URL('../../src/db/schema.sql', import.meta.url), 'utf8')
  assert.equal(await schemaText(database.db), committed, 'run: node tools/write-schema.ts')
})

test('every table stands once in src/db/tables.ts, with its scope', async () => {
  await using database = await testDatabase()
  const rows = await database.db.many<{ name: string }>(sql`
    select relname as name from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace
  `)
  assert.deepEqual(rows.map(({ name }) => name).sort(), Object.keys(tables).sort())
})

const ofPractices = Object.entries(tables).flatMap(([name, scope]) => (scope === 'practice' ? [name] : []))

test('a table of practices has practice int4 not null, first in its primary key and in every index that is ordered', async () => {
  await using database = await testDatabase()
  const columns = await database.db.many<{ name: string; column: string }>(sql`
    select attrelid::regclass::text as name, format('%s %s', format_type(atttypid, null), attnotnull) as column
    from pg_attribute where attname = 'practice' and attrelid::regclass::text = any(${ofPractices}::text[])
  `)
  assert.deepEqual(columns.map(({ name }) => name).sort(), [...ofPractices].sort())
  for (const { name, column } of columns) assert.equal(column, 'integer t', name)
  const indexes = await database.db.many<{ name: string; first: string }>(sql`
    select i.indexrelid::regclass::text as name, a.attname as first
    from pg_index i
      join pg_class c on c.oid = i.indexrelid
      join pg_am m on m.oid = c.relam
      left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
    where i.indrelid::regclass::text = any(${ofPractices}::text[]) and (i.indisunique or m.amname = 'btree')
  `)
  for (const { name, first } of indexes) assert.equal(first, 'practice', name)
})

/** Rows of these are found by several indexes and have no name of their own. */
const withoutKey = ['index_token', 'index_string', 'index_number', 'index_date']

test('a table of practices has a primary key, unless its rows have none', async () => {
  await using database = await testDatabase()
  const rows = await database.db.many<{ name: string }>(sql`
    select distinct indrelid::regclass::text as name from pg_index where indisprimary
  `)
  const keyed = new Set(rows.map(({ name }) => name))
  assert.deepEqual(ofPractices.filter((name) => !keyed.has(name)).sort(), [...withoutKey].sort())
})

test('no table has a trigger, and none of practices a foreign key, a sequence of its own or row security', async () => {
  await using database = await testDatabase()
  const found = await database.db.many<{ what: string }>(sql`
    select format('trigger %s on %s', tgname, tgrelid::regclass) as what from pg_trigger where not tgisinternal
    union all
    select format('foreign key %s', conname) from pg_constraint
    where contype = 'f' and conrelid::regclass::text = any(${ofPractices}::text[])
    union all
    select format('identity of %s', attrelid::regclass) from pg_attribute
    where attidentity <> '' and attrelid::regclass::text = any(${ofPractices}::text[])
  `)
  assert.deepEqual(found, [])
})

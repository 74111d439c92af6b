import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '#db'
import { checkStatement, statementFault } from '../support/check-statement.ts'
import { testApp } from '../support/test-app.ts'

for (const statement of [
  'select 1 from resource where practice = $1 and key = $2',
  'select 1 from resource r1 where r1.practice = $1 and exists (select 1 from index_string s2 where s2.practice = $1)',
  'select 1 from resource where practice = $1 union all select 1 from resource where practice = $1',
  'select 1 from resource as a join resource_history as b on b.practice = a.practice where a.practice = $1',
  'insert into unit (practice, unit) select $1::int4, unit from unnest($2::int4[]) as u (unit)',
  'copy index_date (practice, src, rid) from stdin (format binary)',
  'update job set state = $1 where practice = $2',
  'delete from index_token using unnest($1::int8[]) as old (tok) where index_token.practice = $2',
  'select practice from practice_work where waiting_since <= now()',
  "select nextval('resource_rid')",
]) {
  test(`statementFault() finds nothing in: ${statement}`, () => assert.equal(statementFault(statement), undefined))
}

for (const statement of [
  'select 1 from resource where key = $1',
  'select 1 from resource r1 where r1.practice = $1 and exists (select 1 from index_string s2 where s2.rid = r1.rid)',
  'select 1 from resource where practice = $1 union all select 1 from resource',
  'select 1 from resource as a join resource_history as b on b.rid = a.rid where a.practice = $1',
  'select practice from resource',
  'select 1 from unnest($1::int8[]) as k (key), resource as r where r.key = k.key',
  'insert into unit (unit, practice) values ($1, $2)',
  'insert into unit values ($1, $2)',
  'copy index_date from stdin',
  'update job set state = $1',
  'delete from index_token where tok = $1',
  "select 1 from job where kind = 'practice = $1'",
]) {
  test(`statementFault() refuses: ${statement}`, () => assert.notEqual(statementFault(statement), undefined))
}

test('a request whose statement forgets its practice fails in the suite', async () => {
  await using app = await testApp()
  await assert.rejects(app.installation.db.many(sql`select count(*) from resource`), /its practice is said 0 times/)
})

test('COPY is a statement like the others', async () => {
  await using app = await testApp()
  const practice = await app.addPractice('north')
  app.takeStatements()
  await app.load(practice, [{ resourceType: 'Patient', id: 'p1', gender: 'female' }])
  const statements = app.takeStatements()
  assert.ok(statements.some((text) => text.startsWith('copy resource (practice')))
  for (const text of statements) checkStatement(text)
})

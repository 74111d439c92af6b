/** PostgreSQL compresses rows above 2 kB only; the column "pad" brings smaller ones there (docs/decisions/0001). */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from '#db'
import { type TestDatabase, testDatabase } from '../support/database.ts'

let database: TestDatabase

before(async () => {
  database = await testDatabase()
})

after(() => database[Symbol.asyncDispose]())

const sentence = '{"coding":[{"system":"http://loinc.org","code":"8302-2","display":"Body height"}],"text":"Height"}'

function stored(length: number) {
  return database.db.maybeOne<{ body: number; pad: number; text: string }>(sql`
    select pg_column_size(body) as body, coalesce(pg_column_size(pad), 0) as pad, body as text
    from resource where practice = 1 and rid = ${length}
  `)
}

for (const [length, isCompressed] of [
  [600, false],
  [1000, true],
  [1400, true],
  [2000, true],
  [2001, true],
  [100_000, true],
] as const) {
  test(`a text of ${length} bytes is ${isCompressed ? '' : 'not '}compressed, and stays so when its row is indexed again`, async () => {
    const body = sentence.repeat(Math.ceil(length / sentence.length)).slice(0, length)
    await database.db.run(sql`
      insert into resource (practice, rid, key, dt, upd, ver, rtype, id, present, toks, body)
      values (1, ${length}, ${length}, 0, 0, 1, 1, 'a', B'1', array[1, 2, 3]::int8[], ${body})
    `)
    const row = await stored(length)
    assert.equal(row?.text, body)
    assert.equal(row.body < length * 0.8, isCompressed)
    assert.ok(row.pad < 64, `${row.pad} bytes of blanks`)
    await database.db.run(sql`update resource set toks = array[4]::int8[] where practice = 1 and rid = ${length}`)
    assert.deepEqual(await stored(length), row)
  })
}

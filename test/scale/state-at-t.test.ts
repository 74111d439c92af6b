/**
 * specs/scale.md part 3: importers or REST clients in two processes, a reader that takes T at random moments, and a clock that is set back
 * (and forth) meanwhile. STATE_SECONDS makes it longer: `STATE_SECONDS=120 node --test test/scale/state-at-t.test.ts`.
 */
import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Database, sql } from '#db'
import { addPractice } from '#platform'
import { takeT } from '#store'
import { type AsOfOptions, asOf, type StateRow } from '../support/as-of.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

const seconds = Number(process.env.STATE_SECONDS ?? 4)

/** clock_timestamp() of this database is another function, found before PostgreSQL's own: every process reads it. */
async function shiftableClock({ db }: TestDatabase): Promise<void> {
  await db.script(`
    create schema test_clock;
    create table test_clock.shift (seconds float8 not null);
    insert into test_clock.shift values (0);
    create function test_clock.clock_timestamp() returns timestamptz language sql volatile as
      'select pg_catalog.clock_timestamp() + make_interval(secs => seconds) from test_clock.shift';
    do $$ begin
      execute format('alter database %I set search_path = public, test_clock, pg_catalog', current_database());
    end $$`)
}

type Way = 'import' | 'REST'

async function startWriter(url: string, seed: number, way: Way): Promise<ChildProcess> {
  const child = fork(new URL('./state-writer.ts', import.meta.url), [String(seed), way], {
    env: { ...process.env, DATABASE_URL: url },
  })
  await Promise.race([once(child, 'message'), once(child, 'exit').then(() => assert.fail('the writer ended'))])
  return child
}

type State = ReadonlyMap<string, Pick<StateRow, 'version' | 'body'>>

async function read(db: Database, practice: number, t: number, options: AsOfOptions = {}): Promise<State> {
  const state = new Map<string, Pick<StateRow, 'version' | 'body'>>()
  for await (const rows of asOf(db, practice, t, { types: ['Patient'], ...options })) {
    for (const { id, version, body } of rows) {
      assert.ok(!state.has(id), `${id} comes twice at ${t}`)
      state.set(id, { version, body })
    }
  }
  return state
}

/** The earlier state with what changed since: must be the later state. */
function withChanges(earlier: State, changes: State): State {
  const state = new Map(earlier)
  for (const [id, change] of changes) {
    if (change.body === undefined) state.delete(id)
    else state.set(id, change)
  }
  return state
}

const sorted = (state: State) => [...state].sort(([one], [other]) => (one < other ? -1 : 1))

for (const way of ['import', 'REST'] as const) {
  test(`the state at T is one state, and changes after T lose and double nothing, by ${way} (${seconds} s)`, async (context) => {
    await using database = await testDatabase()
    await shiftableClock(database)
    const db = database.open({ connections: 3 }) // these connections have the clock
    const { number: practice } = await addPractice(db, 'north', { writes: 'on' })
    const writers = await Promise.all([startWriter(database.url, 1, way), startWriter(database.url, 2, way)])
    const times: number[] = []
    const states: State[] = []
    const end = Date.now() + seconds * 1000
    for (let round = 0; Date.now() < end || round <= 10; round++) {
      await sleep(Math.random() * 60)
      if (round % 3 === 1)
        await db.run(sql`update test_clock.shift set seconds = ${Math.round(Math.random() * 200 - 150)}`)
      const t = await db.transaction((transaction) => takeT(transaction, practice))
      times.push(t)
      states.push(await read(db, practice, t))
    }
    for (let tries = 0; (await replacedVersions(db, practice)) <= 100 && tries < 1200; tries++) await sleep(50)
    const ended = writers.map((writer) => once(writer, 'exit'))
    for (const writer of writers) writer.send('stop')
    for (const [code] of await Promise.all(ended)) assert.equal(code, 0)
    for (const [round, t] of times.entries()) {
      const state = states[round] as State
      assert.deepEqual(sorted(await read(db, practice, t)), sorted(state), `state ${round} is another now`)
      const before = times[round - 1]
      if (before === undefined) continue
      assert.ok(t > before, 'T goes on')
      const changes = await read(db, practice, t, { changedAfter: before, withDeletions: true })
      assert.deepEqual(sorted(withChanges(states[round - 1] as State, changes)), sorted(state), `changes ${round}`)
    }
    await checkHistory(db, practice)
    const versions = await replacedVersions(db, practice)
    assert.ok(versions > 100)
    context.diagnostic(`${times.length} states, ${versions} versions in history`)
  })
}

async function replacedVersions(db: Database, practice: number): Promise<number> {
  const row = await db.maybeOne<{ count: number }>(sql`
    select count(*)::int4 as count from resource_history where practice = ${practice}
  `)
  return row?.count ?? 0
}

/** Versions of an id follow each other without gap, each replaced by the stamp of the next, stamps growing. */
async function checkHistory(db: Database, practice: number) {
  const rows = await db.many<{ id: string; ver: number; upd: string; replaced: string }>(sql`
    select * from (
      select id, ver, upd, replaced from resource_history where practice = ${practice}
      union all select id, ver, upd, 9223372036854775807 from resource where practice = ${practice}
    ) as versions
    order by id, ver
  `)
  for (const [i, row] of rows.entries()) {
    const next = rows[i + 1]
    if (rows[i - 1]?.id !== row.id) assert.equal(row.ver, 1, row.id)
    if (next?.id !== row.id) assert.equal(row.replaced, '9223372036854775807', row.id)
    else assert.deepEqual([next.ver, next.upd], [row.ver + 1, row.replaced], row.id)
    assert.ok(BigInt(row.upd) < BigInt(row.replaced))
  }
}

/**
 * Migrations run forward only, each in one transaction that records it first, so that two processes that start at once
 * cannot run one twice. A process that meets a newer schema than its own stops with a sentence.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { Problem } from '#lib'
import type { Database } from './database.ts'
import { sql } from './sql.ts'

const folder = new URL('./migrations/', import.meta.url)

export interface Migration {
  readonly number: number
  readonly title: string
  readonly text: string
}

export function migrations(): Migration[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => ({
      number: Number(file.slice(0, 4)),
      title: file.slice(5, -4),
      text: readFileSync(new URL(file, folder), 'utf8'),
    }))
}

/** Brings the schema up to date; the titles of the migrations that were run. */
export async function migrate(db: Database): Promise<string[]> {
  const all = migrations()
  const done = await recorded(db)
  refuseNewer(done, all)
  const ran: string[] = []
  for (const migration of all.filter(({ number }) => !done.includes(number))) {
    if (await run(db, migration)) ran.push(migration.title)
  }
  return ran
}

async function recorded(db: Database): Promise<number[]> {
  // one transaction, as the statements come in one message: two processes that start at once make the table one after the other
  await db.script(`select pg_advisory_xact_lock(8150);
    create table if not exists migration (number int4 primary key, title text not null, run_at timestamptz not null default now())`)
  const rows = await db.many<{ number: number }>(sql`select number from migration order by number`)
  return rows.map(({ number }) => number)
}

function refuseNewer(done: readonly number[], all: readonly Migration[]) {
  const newest = all.at(-1)?.number ?? 0
  const newer = done.filter((number) => number > newest)
  if (newer.length === 0) return
  throw new Problem(
    'unavailable',
    `The database has schema ${newer.at(-1)}, this charthouse knows ${newest}: start the version that made it, or a newer one`,
  )
}

function run(db: Database, migration: Migration): Promise<boolean> {
  return db.transaction(async (transaction) => {
    const recordedNow = await transaction.run(sql`
      insert into migration (number, title) values (${migration.number}, ${migration.title}) on conflict do nothing
    `)
    if (recordedNow === 0) return false
    await transaction.client.query('set local statement_timeout = 0')
    await transaction.client.query(migration.text)
    return true
  })
}

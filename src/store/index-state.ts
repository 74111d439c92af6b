/**
 * What the rows of a type are indexed with, by practice and type (`index_state`):
 *
 *   F        every row is indexed as F says
 *   to F     a reindex to F is under way; whoever writes by F agrees with it
 *   mixed    somebody wrote by something else: another version of charthouse, or one that has not heard of a new time zone
 *
 * A writer compares in the transaction of its rows and, where it disagrees, says `mixed`. A reindex says `to F` at an
 * instant at which no writer is under way, walks the rows, and says F only if `to F` still stands: so F is never wrong,
 * whatever versions write meanwhile or afterwards.
 */
import { createHash } from 'node:crypto'
import { type Database, type Runner, sql, type Transaction } from '#db'
import { fingerprint, typeCode, typeOf } from '#fhir'
import type { IndexScope } from './index/rows.ts'
import { mainDates, orderedTokens } from './main-dates.ts'
import { waitForWriters } from './resources/stamp.ts'

/** Changes when the same values give other rows: forms of hashes, folding of texts, bounds of dates, what is paired. */
const algorithm = 3

const made = new Map<string, string>()

/** F of a type: its parameters, how they are indexed, and the zone in which its dates are read. */
export function indexState(type: string, zone: string): string {
  const key = `${type} ${zone}`
  let state = made.get(key)
  if (state === undefined) {
    const parts = [algorithm, fingerprint(type), mainDates[type], orderedTokens[type], zone]
    state = createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 16)
    made.set(key, state)
  }
  return state
}

interface StateRow {
  rtype: number
  fingerprint: string
}

function statesOf(runner: Runner, practice: number): Promise<StateRow[]> {
  return runner.many<StateRow>(
    sql`select rtype, fingerprint from index_state where practice = ${practice} order by rtype`,
  )
}

/** Types that have been written at a practice. */
export async function indexedTypes(runner: Runner, practice: number): Promise<string[]> {
  return (await statesOf(runner, practice)).map(({ rtype }) => typeOf(rtype))
}

/** Types whose rows this process would index differently. */
export async function outdatedTypes(db: Database, { practice, zone }: IndexScope): Promise<string[]> {
  const states = (await statesOf(db, practice)).map((row) => ({ type: typeOf(row.rtype), state: row.fingerprint }))
  return states.filter(({ type, state }) => state !== indexState(type, zone)).map(({ type }) => type)
}

/** To be called by a writer that holds the practice's lock, before it commits rows of these types. */
export async function noteWrites(
  transaction: Transaction,
  { practice, zone }: IndexScope,
  types: Iterable<string>,
): Promise<void> {
  const own = new Map([...new Set(types)].map((type) => [typeCode(type), indexState(type, zone)]))
  if (own.size === 0) return
  const rows = await transaction.many<StateRow>(sql`
    select rtype, fingerprint from index_state where practice = ${practice} and rtype = any(${[...own.keys()]}::int2[])
  `)
  const stored = new Map(rows.map((row) => [row.rtype, row.fingerprint]))
  const others = [...own].filter(([rtype, state]) => ![state, `to ${state}`, 'mixed'].includes(stored.get(rtype) ?? ''))
  if (others.length > 0) await disagree(transaction, practice, others)
}

async function disagree(transaction: Transaction, practice: number, states: readonly (readonly [number, string])[]) {
  const sorted = [...states].sort(([one], [other]) => one - other) // all writers lock in one order
  await transaction.run(sql`
    insert into index_state (practice, rtype, fingerprint)
    select ${practice}::int4, rtype, state
    from unnest(${sorted.map(([rtype]) => rtype)}::int2[], ${sorted.map(([, state]) => state)}::text[]) as own (rtype, state)
    on conflict (practice, rtype) do update set fingerprint = 'mixed'
    where index_state.practice = ${practice} and index_state.fingerprint not in (excluded.fingerprint, 'to ' || excluded.fingerprint)
  `)
}

/** From here on every writer that indexes differently will say so. */
export async function beginReindex(
  transaction: Transaction,
  { practice, zone }: IndexScope,
  type: string,
): Promise<void> {
  await waitForWriters(transaction, practice)
  await transaction.run(sql`
    insert into index_state (practice, rtype, fingerprint)
    values (${practice}, ${typeCode(type)}, ${`to ${indexState(type, zone)}`})
    on conflict (practice, rtype) do update set fingerprint = excluded.fingerprint where index_state.practice = ${practice}
  `)
}

/** False when somebody indexed differently since `beginReindex`. */
export async function endReindex(runner: Runner, { practice, zone }: IndexScope, type: string): Promise<boolean> {
  const state = indexState(type, zone)
  const ended = await runner.run(sql`
    update index_state set fingerprint = ${state}
    where practice = ${practice} and rtype = ${typeCode(type)} and fingerprint = ${`to ${state}`}
  `)
  return ended === 1
}

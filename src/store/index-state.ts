/**
 * What the rows of a type are indexed with, by practice and type (`index_state`):
 *
 *   F        every row is indexed as F says, and none holds an absolute reference
 *   F@B      every row is indexed as F says; absolute references were read by the practice's own bases B
 *   to F@B   a reindex to F@B is under way; whoever writes by F@B agrees with it, and by F without absolute references
 *   mixed    somebody wrote by something else: another version of charthouse, one that has not heard of a new time zone, or
 *            one whose bases are others
 *
 * A writer compares in the transaction of its rows and, where it disagrees, says `mixed`. A reindex says `to F` at an
 * instant at which no writer is under way, walks the rows, and says F only if `to F` still stands: so F is never wrong,
 * whatever versions write meanwhile or afterwards. That bases count only where something hangs on them lets a server take
 * another port or name without a reindex of all that it holds.
 */
import { createHash } from 'node:crypto'
import { type Database, type Runner, type Sql, sql, type Transaction } from '#db'
import { fingerprint, typeCode, typeOf } from '#fhir'
import { valueAt } from '#lib'
import type { IndexScope } from './index/rows.ts'
import { mainDates, orderedTokens } from './main-dates.ts'
import { waitForWriters } from './resources/stamp.ts'

/** Changes when the same values give other rows: forms of hashes, folding of texts, bounds of dates, what is paired, marks. */
const algorithm = 4

const made = new Map<string, string>()

/** F@B of a type. F: its parameters, how they are indexed, and the zone in which its dates are read. */
export function indexState(type: string, { zone, bases }: Pick<IndexScope, 'zone' | 'bases'>): string {
  return valueAt(made, `${type} ${zone} ${bases.join(' ')}`, () => {
    const rules = hashOf([algorithm, fingerprint(type), mainDates[type], orderedTokens[type], zone])
    return `${rules}@${hashOf(bases).slice(0, 8)}`
  })
}

function hashOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 16)
}

/** F of F@B. */
export function rulesOf(state: string): string {
  return state.replace(/@.*/, '')
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
export async function outdatedTypes(db: Database, scope: IndexScope): Promise<string[]> {
  const states = (await statesOf(db, scope.practice)).map((row) => ({
    type: typeOf(row.rtype),
    state: row.fingerprint,
  }))
  return states.filter(({ type, state }) => !isSettledAs(state, indexState(type, scope))).map(({ type }) => type)
}

/** Every stored row of the type is indexed as this process does. */
export async function isSettled(runner: Runner, scope: IndexScope, type: string): Promise<boolean> {
  const row = await runner.maybeOne<StateRow>(sql`
    select rtype, fingerprint from index_state where practice = ${scope.practice} and rtype = ${typeCode(type)}
  `)
  return isSettledAs(row?.fingerprint, indexState(type, scope))
}

/** Every stored row is indexed as F@B says. */
function isSettledAs(stored: string | undefined, own: string): boolean {
  return stored === own || stored === rulesOf(own)
}

/** What is said of types that a writer is about to write: read once it holds the practice's lock. */
export interface WrittenStates {
  /** Every stored row of the type is indexed as this process does. */
  isSettled(type: string): boolean
  /** What the writer has to say before it commits these rows; undefined where it agrees. */
  disagreement(rows: Iterable<Written>): Sql | undefined
}

export interface Written {
  readonly type: string
  readonly index: { readonly hasAbsolute: boolean }
}

export async function writtenStates(
  runner: Runner,
  scope: IndexScope,
  types: Iterable<string>,
): Promise<WrittenStates> {
  const { practice } = scope
  const rows = await runner.many<StateRow>(sql`
    select rtype, fingerprint from index_state
    where practice = ${practice} and rtype = any(${[...new Set(types)].map(typeCode)}::int2[])
  `)
  const stored = new Map(rows.map((row) => [typeOf(row.rtype), row.fingerprint]))
  return {
    isSettled: (type) => isSettledAs(stored.get(type), indexState(type, scope)),
    disagreement(written) {
      const others = [...ownStates(scope, written)].filter(([type, state]) => !agrees(stored.get(type) ?? '', state))
      if (others.length === 0) return undefined
      return disagreeing(
        practice,
        others.map(([type, state]) => [typeCode(type), state]),
      )
    },
  }
}

/** F of each type, F@B where a row holds an absolute reference. */
function ownStates(scope: IndexScope, rows: Iterable<Written>): ReadonlyMap<string, string> {
  const own = new Map<string, string>()
  for (const { type, index } of rows) {
    if (index.hasAbsolute) own.set(type, indexState(type, scope))
    else if (!own.has(type)) own.set(type, rulesOf(indexState(type, scope)))
  }
  return own
}

function agrees(stored: string, own: string): boolean {
  return stored === 'mixed' || [stored, rulesOf(stored)].some((one) => one === own || one === `to ${own}`)
}

/** The same decision in SQL, since another writer may come first. The first absolute reference turns F into F@B. */
function disagreeing(practice: number, states: readonly (readonly [rtype: number, state: string])[]): Sql {
  const sorted = [...states].sort(([one], [other]) => one - other) // all writers lock in one order
  return sql`
    insert into index_state (practice, rtype, fingerprint)
    select ${practice}::int4, rtype, state
    from unnest(${sorted.map(([rtype]) => rtype)}::int2[], ${sorted.map(([, state]) => state)}::text[]) as own (rtype, state)
    on conflict (practice, rtype) do update set fingerprint =
      case when index_state.fingerprint = split_part(excluded.fingerprint, '@', 1) then excluded.fingerprint else 'mixed' end
    where index_state.practice = ${practice}
      and index_state.fingerprint not in (excluded.fingerprint, 'to ' || excluded.fingerprint)
      and split_part(index_state.fingerprint, '@', 1) not in (excluded.fingerprint, 'to ' || excluded.fingerprint)
  `
}

/** From here on every writer that indexes differently will say so. */
export async function beginReindex(transaction: Transaction, scope: IndexScope, type: string): Promise<void> {
  const { practice } = scope
  await waitForWriters(transaction, practice)
  await transaction.run(sql`
    insert into index_state (practice, rtype, fingerprint)
    values (${practice}, ${typeCode(type)}, ${`to ${indexState(type, scope)}`})
    on conflict (practice, rtype) do update set fingerprint = excluded.fingerprint where index_state.practice = ${practice}
  `)
}

/** False when somebody indexed differently since `beginReindex`. */
export async function endReindex(runner: Runner, scope: IndexScope, type: string): Promise<boolean> {
  const { practice } = scope
  const state = indexState(type, scope)
  const ended = await runner.run(sql`
    update index_state set fingerprint = ${state}
    where practice = ${practice} and rtype = ${typeCode(type)} and fingerprint = ${`to ${state}`}
  `)
  return ended === 1
}

/** Takes current rows out: into history, and out of the index. */
import { zstdCompressSync } from 'node:zlib'
import { type Sql, sql } from '#db'
import { int8Text } from '../hash.ts'
import type { Stored } from './current.ts'

export interface Replaced {
  readonly type: string
  readonly stored: Stored & { readonly body: string }
  readonly isDeleted: boolean
  readonly removed: Removed
}

const never = '9223372036854775807'

/** The statements that move the rows to history, replaced at `stamp`; a deletion leaves a version of its own. */
export function replacing(practice: number, stamp: number, rows: readonly Replaced[]): Sql[] {
  if (rows.length === 0) return []
  const keys = rows.map(({ stored }) => stored.key)
  const bodies = rows.map(({ stored }) => zstdCompressSync(stored.body))
  const deleted = rows.filter(({ isDeleted }) => isDeleted).map(({ stored }) => stored.key)
  return [
    sql`
    with gone as (
      delete from resource where practice = ${practice} and key = any(${keys}::int8[])
      returning practice, rid, key, patient, upd, ver, rtype, id, toks
    )
    insert into resource_history (practice, rid, key, patient, upd, replaced, ver, rtype, deleted, id, toks, body)
    select practice, rid, key, patient, upd, ${stamp}::int8, ver, rtype, false, id, toks, body
    from gone join unnest(${keys}::int8[], ${bodies}::bytea[]) as old (key, body) using (key)
    union all
    select practice, rid, key, patient, ${stamp}::int8, ${never}::int8, ver + 1, rtype, true, id, toks, ''
    from gone where key = any(${deleted}::int8[])`,
    ...removing(
      practice,
      rows.map(({ stored: { rid }, removed }) => ({ rid, removed })),
    ),
  ]
}

/** Deletions that stood until now were followed by new versions; fails (22012) when another writer followed one first. */
export function endingTombstones(practice: number, stamp: number, revived: readonly Stored[]): Sql[] {
  if (revived.length === 0) return []
  return [
    sql`
    with ended as (
      update resource_history as h set replaced = ${stamp}
      from unnest(${revived.map(({ key }) => key)}::int8[], ${revived.map(({ version }) => version)}::int4[]) as old (key, ver)
      where h.practice = ${practice} and h.key = old.key and h.ver = old.ver and h.deleted and h.replaced = ${never}::int8
      returning 1
    )
    select 1 / (case when (select count(*) from ended) = ${revived.length} then 1 else 0 end)`,
  ]
}

/** What the side tables lose of a row. */
export interface Removed {
  /** Halves of tokens under the main date `dt`: `index_token` has no index by rid, each is found by its whole key. */
  readonly ordered: readonly number[]
  readonly dt: string
  /** All of the row's. */
  readonly strings: boolean
  readonly numbers: boolean
  readonly dates: boolean
}

interface RemovedRow {
  readonly rid: string
  readonly removed: Removed
}

/** The statements that take these out of the side tables. */
export function removing(practice: number, rows: readonly RemovedRow[]): Sql[] {
  const ridsOf = (table: 'strings' | 'numbers' | 'dates') =>
    rows.flatMap(({ rid, removed }) => (removed[table] ? [rid] : []))
  const [strings, numbers, dates] = [ridsOf('strings'), ridsOf('numbers'), ridsOf('dates')]
  const statements = [
    [strings, sql`delete from index_string where practice = ${practice} and rid = any(${strings}::int8[])`],
    [numbers, sql`delete from index_number where practice = ${practice} and rid = any(${numbers}::int8[])`],
    [dates, sql`delete from index_date where practice = ${practice} and rid = any(${dates}::int8[])`],
  ] as const
  return [
    ...removingTokens(practice, rows),
    ...statements.flatMap(([rids, statement]) => (rids.length > 0 ? [statement] : [])),
  ]
}

function removingTokens(practice: number, rows: readonly RemovedRow[]): Sql[] {
  const old = rows.flatMap(({ rid, removed: { ordered, dt } }) =>
    ordered.flatMap((high, i) => (i % 2 === 0 ? [{ tok: int8Text({ high, low: ordered[i + 1] ?? 0 }), dt, rid }] : [])),
  )
  if (old.length === 0) return []
  return [
    sql`
    delete from index_token using unnest(
      ${old.map(({ tok }) => tok)}::int8[], ${old.map(({ dt }) => dt)}::int8[], ${old.map(({ rid }) => rid)}::int8[]
    ) as old (tok, dt, rid)
    where index_token.practice = ${practice} and index_token.tok = old.tok and index_token.dt = old.dt and index_token.rid = old.rid`,
  ]
}

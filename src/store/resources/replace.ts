/** Takes current rows out: into history, and out of the index. */
import { zstdCompressSync } from 'node:zlib'
import { sql, type Transaction } from '#db'
import { int8Text } from '../hash.ts'
import { indexResource } from '../index/index-resource.ts'
import type { IndexRows, IndexScope } from '../index/rows.ts'
import type { Stored } from './current.ts'

export interface Replaced {
  readonly type: string
  readonly stored: Stored & { readonly body: string }
  readonly isDeleted: boolean
}

const never = '9223372036854775807'

/** Moves the rows to history, replaced at `stamp`; a deletion leaves a version of its own. */
export async function replaceRows(
  transaction: Transaction,
  scope: IndexScope,
  stamp: number,
  rows: readonly Replaced[],
): Promise<void> {
  if (rows.length === 0) return
  const { practice } = scope
  const rids = rows.map(({ stored }) => stored.rid)
  const bodies = rows.map(({ stored }) => zstdCompressSync(stored.body))
  await transaction.run(sql`
    insert into resource_history (practice, rid, key, patient, upd, replaced, ver, rtype, deleted, id, toks, body)
    select r.practice, r.rid, r.key, r.patient, r.upd, ${stamp}::int8, r.ver, r.rtype, false, r.id, r.toks, old.body
    from resource r join unnest(${rids}::int8[], ${bodies}::bytea[]) as old (rid, body) on r.rid = old.rid
    where r.practice = ${practice} and r.key = any(${rows.map(({ stored }) => stored.key)}::int8[])
  `)
  const deleted = rows.filter(({ isDeleted }) => isDeleted).map(({ stored }) => stored.key)
  if (deleted.length > 0) await addTombstones(transaction, practice, stamp, deleted)
  await removeOrdered(transaction, scope, rows)
  await transaction.run(sql`
    delete from resource where practice = ${practice} and key = any(${rows.map(({ stored }) => stored.key)}::int8[])
  `)
  await removeIndex(transaction, practice, rids)
}

function addTombstones(transaction: Transaction, practice: number, stamp: number, keys: readonly string[]) {
  return transaction.run(sql`
    insert into resource_history (practice, rid, key, patient, upd, replaced, ver, rtype, deleted, id, toks, body)
    select practice, rid, key, patient, ${stamp}::int8, ${never}::int8, ver + 1, rtype, true, id, toks, ''
    from resource where practice = ${practice} and key = any(${keys}::int8[])
  `)
}

/** Deletions that stood until now were followed by new versions; false when another writer followed one of them first. */
export async function endTombstones(
  transaction: Transaction,
  practice: number,
  stamp: number,
  revived: readonly Stored[],
): Promise<boolean> {
  if (revived.length === 0) return true
  const ended = await transaction.run(sql`
    update resource_history as h set replaced = ${stamp}
    from unnest(${revived.map(({ key }) => key)}::int8[], ${revived.map(({ version }) => version)}::int4[]) as old (key, ver)
    where h.practice = ${practice} and h.key = old.key and h.ver = old.ver and h.deleted and h.replaced = ${never}::int8
  `)
  return ended === revived.length
}

export async function removeIndex(transaction: Transaction, practice: number, rids: readonly string[]) {
  await transaction.run(sql`delete from index_string where practice = ${practice} and rid = any(${rids}::int8[])`)
  await transaction.run(sql`delete from index_number where practice = ${practice} and rid = any(${rids}::int8[])`)
  await transaction.run(sql`delete from index_date where practice = ${practice} and rid = any(${rids}::int8[])`)
}

/** `index_token` has no index by rid: what the old text put there is computed again. */
async function removeOrdered(transaction: Transaction, scope: IndexScope, rows: readonly Replaced[]) {
  const indexed = rows.map(({ type, stored: { rid, dt = '', body } }) => ({
    ...{ rid, dt },
    index: indexResource(scope, type, JSON.parse(body) as object),
  }))
  await removeOrderedTokens(transaction, scope.practice, indexed)
}

/** Each token is found by the whole key of its row: a common code has as many as the type has rows. */
export async function removeOrderedTokens(
  transaction: Transaction,
  practice: number,
  rows: readonly { readonly rid: string; readonly dt: string; readonly index: Pick<IndexRows, 'ordered'> }[],
): Promise<void> {
  const old = rows.flatMap(({ rid, dt, index: { ordered } }) =>
    ordered.flatMap((high, i) => (i % 2 === 0 ? [{ tok: int8Text({ high, low: ordered[i + 1] ?? 0 }), dt, rid }] : [])),
  )
  if (old.length === 0) return
  await transaction.run(sql`
    delete from index_token using unnest(
      ${old.map(({ tok }) => tok)}::int8[], ${old.map(({ dt }) => dt)}::int8[], ${old.map(({ rid }) => rid)}::int8[]
    ) as old (tok, dt, rid)
    where index_token.practice = ${practice} and index_token.tok = old.tok and index_token.dt = old.dt and index_token.rid = old.rid
  `)
}

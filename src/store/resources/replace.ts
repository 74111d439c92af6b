/** Takes current rows out: into history, and out of the index. */
import { zstdCompressSync } from 'node:zlib'
import { sql, type Transaction } from '#db'
import { int8Text } from '../hash.ts'
import { indexResource } from '../index/index-resource.ts'
import type { IndexScope } from '../index/rows.ts'
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
  await transaction.run(sql`
    delete from resource where practice = ${practice} and key = any(${rows.map(({ stored }) => stored.key)}::int8[])
  `)
  await removeIndex(transaction, practice, rids)
  await removeOrdered(transaction, scope, rows)
}

function addTombstones(transaction: Transaction, practice: number, stamp: number, keys: readonly string[]) {
  return transaction.run(sql`
    insert into resource_history (practice, rid, key, patient, upd, replaced, ver, rtype, deleted, id, toks, body)
    select practice, rid, key, patient, ${stamp}::int8, ${never}::int8, ver + 1, rtype, true, id, toks, ''
    from resource where practice = ${practice} and key = any(${keys}::int8[])
  `)
}

/** A deletion that stood until now was followed by a new version. */
export async function endTombstones(
  transaction: Transaction,
  practice: number,
  stamp: number,
  keys: readonly string[],
): Promise<void> {
  if (keys.length === 0) return
  await transaction.run(sql`
    update resource_history set replaced = ${stamp}
    where practice = ${practice} and key = any(${keys}::int8[]) and deleted and replaced = ${never}::int8
  `)
}

async function removeIndex(transaction: Transaction, practice: number, rids: readonly string[]) {
  await transaction.run(sql`delete from index_string where practice = ${practice} and rid = any(${rids}::int8[])`)
  await transaction.run(sql`delete from index_number where practice = ${practice} and rid = any(${rids}::int8[])`)
  await transaction.run(sql`delete from index_date where practice = ${practice} and rid = any(${rids}::int8[])`)
}

/** `index_token` has no index by rid: what the old text put there is computed again. */
async function removeOrdered(transaction: Transaction, scope: IndexScope, rows: readonly Replaced[]) {
  const tokens: string[] = []
  const rids: string[] = []
  for (const { type, stored } of rows) {
    const { ordered } = indexResource(scope, type, JSON.parse(stored.body) as object)
    for (let i = 0; i < ordered.length; i += 2) {
      tokens.push(int8Text({ high: ordered[i] ?? 0, low: ordered[i + 1] ?? 0 }))
      rids.push(stored.rid)
    }
  }
  if (tokens.length === 0) return
  await transaction.run(sql`
    delete from index_token using unnest(${tokens}::int8[], ${rids}::int8[]) as old (tok, rid)
    where index_token.practice = ${scope.practice} and index_token.tok = old.tok and index_token.rid = old.rid
  `)
}

/**
 * What a principal changes. A unit (the changes of one call) is done whole or not at all, in the steps of `write.ts`; once
 * its rows are locked, and before anything of it is written, it is held against what is stored:
 *
 *   the right to create, update or delete the type; what is stored must be within it       forbidden
 *   If-Match, an id that must be new                                                       stale, conflict
 *   references to what is not stored                                                       invalid
 *   what comes instead must be within the same right, so nothing moves to another patient  forbidden
 *
 * Whose a row is stands in the index, before and after. A right that asks for more is asked as SQL: on the rows as they
 * were when they are locked, on the rows as they became when they are inserted, which then are taken back.
 */
import type { Transaction } from '#db'
import { Problem } from '#lib'
import { int8Text } from '../hash.ts'
import type { Predicate, See } from '../see.ts'
import type { Change, WriteResult } from '../store.ts'
import type { Stored } from './current.ts'
import { refuseDangling } from './dangling.ts'
import { decide, together } from './decide.ts'
import { type KeyedChange, keyOf } from './keyed.ts'
import { refuseReferenced } from './referenced.ts'
import { type Asked, seenByQuery, seesOwner } from './seen.ts'
import { waitForWriters } from './stamp.ts'
import { apply, inTransaction, lock, type Writer } from './write.ts'

export async function change(writer: Writer, see: See, changes: readonly Change[]): Promise<WriteResult[]> {
  if (changes.length === 0) return []
  const keyed = changes.map((one): KeyedChange => ({ ...one, ...keyOf(writer.scope, one.operation) }))
  refuseRepeated(keyed)
  return inTransaction(writer, keyed, (transaction, rids) => changeOnce(transaction, writer, see, keyed, rids))
}

function refuseRepeated(changes: readonly KeyedChange[]) {
  const keys = new Set<string>()
  for (const { key, operation } of changes) {
    if (keys.has(key))
      throw new Problem('incorrect', `${operation.type}/${operation.id} is changed twice: change it once`)
    keys.add(key)
  }
}

async function changeOnce(
  transaction: Transaction,
  { scope }: Writer,
  see: See,
  changes: readonly KeyedChange[],
  rids: readonly number[],
): Promise<WriteResult[]> {
  const { practice } = scope
  // Nobody may add a reference while we look for references.
  if (changes.some((one) => one.refuseReferenced)) await waitForWriters(transaction, practice)
  const { stored, stamp } = await lock(transaction, practice, changes)
  const storedOf = ({ key }: KeyedChange) => stored.get(key)
  const asked = changes.map((one) => ({ one, stored: storedOf(one), predicate: rightOf(one, storedOf(one)) }))
  const before = asked.flatMap(({ one, stored: row, predicate }) =>
    row?.body !== undefined && !seesOwner(practice, predicate, row.patient) ? [askOf(one, predicate)] : [],
  )
  refuseUnseen(before, await seenByQuery(transaction, practice, see, before))
  for (const { one, stored: row } of asked) checkVersion(one, row, see, practice)
  await refuseDangling(transaction, scope, changes)
  const decisions = changes.map((one, i) => decide(one, storedOf(one), { rid: rids[i] ?? 0, stamp }))
  const after = asked.flatMap(({ one, predicate }) =>
    one.index && !seesOwner(practice, predicate, ownerOf(one)) ? [askOf(one, predicate)] : [],
  )
  await apply(transaction, scope, stamp, together(decisions))
  refuseUnseen(after, await seenByQuery(transaction, practice, see, after))
  await refuseReferenced(transaction, scope, see, changes)
  return decisions.map(({ result }) => result)
}

/** What the principal may do of this kind to the type. */
function rightOf({ operation, may }: KeyedChange, stored: Stored | undefined): Predicate {
  const right = operation.kind === 'delete' ? 'delete' : stored?.body === undefined ? 'create' : 'update'
  const predicate = may[right]
  if (!predicate) throw new Problem('forbidden', `Cannot ${right} ${operation.type}: this access does not include it`)
  return predicate
}

function askOf({ operation: { type, id }, key }: KeyedChange, predicate: Predicate): Asked & { id: string } {
  return { type, id, key, predicate }
}

function refuseUnseen(asked: readonly (Asked & { id: string })[], seen: ReadonlySet<string>) {
  const unseen = asked.find(({ key }) => !seen.has(key))
  if (unseen)
    throw new Problem(
      'forbidden',
      `Cannot change ${unseen.type}/${unseen.id}: it is not within what this access includes`,
    )
}

function ownerOf({ index }: KeyedChange): string | undefined {
  return index?.patient && int8Text({ high: index.patient[0], low: index.patient[1] })
}

function checkVersion(one: KeyedChange, stored: Stored | undefined, see: See, practice: number) {
  const { operation, ifMatch, isNew } = one
  const name = `${operation.type}/${operation.id}`
  if (isNew && stored) throw new Problem('conflict', `${name} cannot be created: the id is taken; try again`)
  if (ifMatch === undefined) return
  const current = stored?.body === undefined ? undefined : stored.version
  if (current === undefined) throw new Problem('stale', `${name} is not stored, so no version of it matches If-Match`)
  if (ifMatch === 'any' || ifMatch.includes(current)) return
  const reading = see(operation.type)
  const told = reading && seesOwner(practice, reading, stored?.patient) ? `: its version is ${current}` : ''
  throw new Problem('stale', `${name} was changed since the version that If-Match names${told}; read it again`)
}

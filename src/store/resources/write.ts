/**
 * Writing. All operations of one call are one transaction with one stamp:
 * 1. texts and units that are new to the practice are added (on their own: they never go away again);
 * 2. the writer's lock, then the rows under these keys, then the stamp (see stamp.ts for why in this order);
 * 3. each operation is decided on, against what is stored;
 * 4. what changed goes to history, what is new or changed goes in by COPY;
 * 5. commit. Two writers who create, replace or revive the same id meet at the unique key or the tombstone: the later one
 *    starts again and finds what the other left.
 * `write` is import's; `change.ts` takes the same steps and asks at 3 what the principal may.
 */
import type { Database, Transaction } from '#db'
import { Problem } from '#lib'
import type { IndexScope } from '../index/rows.ts'
import { noteWrites } from '../index-state.ts'
import type { WriteOperation, WriteResult } from '../store.ts'
import { isAnyDeleted, lockCurrent, type Stored } from './current.ts'
import { type Decided, decide, together } from './decide.ts'
import type { Dictionaries } from './dictionaries.ts'
import { trackMembers } from './group-members.ts'
import { insertRows } from './insert.ts'
import { type Keyed, keyOf } from './keyed.ts'
import { endTombstones, replaceRows } from './replace.ts'
import type { RowIds } from './row-ids.ts'
import { lockAsWriter, writerStamp } from './stamp.ts'

export interface Writer {
  readonly db: Database
  readonly scope: IndexScope
  readonly dictionaries: Dictionaries
  readonly rowIds: RowIds
}

export async function write(writer: Writer, operations: readonly WriteOperation[]): Promise<WriteResult[]> {
  if (operations.length === 0) return []
  const keyed = operations.map((operation) => keyOf(writer.scope, operation))
  return inTransaction(writer, keyed, async (transaction, rids) => {
    const { stored, stamp } = await lock(transaction, writer.scope.practice, keyed)
    const decisions = keyed.map((one, i) => decide(one, stored.get(one.key), { rid: rids[i] ?? 0, stamp }))
    await apply(transaction, writer.scope, stamp, together(decisions))
    return decisions.map(({ result }) => result)
  })
}

const mostTries = 5

/** Steps 1 and 5: `work` is done in a transaction, again when another writer came between. `rids`: one for each of `keyed`. */
export async function inTransaction<T>(
  { db, dictionaries, rowIds }: Writer,
  keyed: readonly Keyed[],
  work: (transaction: Transaction, rids: readonly number[]) => Promise<T>,
): Promise<T> {
  await dictionaries.add(keyed.flatMap(({ index }) => index ?? []))
  for (let tries = 1; ; tries++) {
    const rids = await rowIds.take(keyed.length)
    try {
      return await db.transaction((transaction) => work(transaction, rids))
    } catch (error) {
      if (!isRace(error) || tries === mostTries) throw error
    }
  }
}

function isRace(error: unknown): boolean {
  const { code, constraint, kind } = error as { code?: string; constraint?: string; kind?: string }
  return (code === '23505' && (constraint === 'resource_key' || constraint === 'resource_pkey')) || kind === 'busy'
}

function raced(): Problem {
  return new Problem('busy', 'Another write came between: try again')
}

/** Step 2. */
export async function lock(
  transaction: Transaction,
  practice: number,
  keyed: readonly Keyed[],
): Promise<{ stored: ReadonlyMap<string, Stored>; stamp: number }> {
  await lockAsWriter(transaction, practice)
  const stored = await lockCurrent(
    transaction,
    practice,
    keyed.map(({ key }) => key),
  )
  const newest = Math.max(0, ...[...stored.values()].map(({ updated }) => updated))
  return { stored, stamp: await writerStamp(transaction, practice, newest) }
}

/** Step 4. */
export async function apply(
  transaction: Transaction,
  scope: IndexScope,
  stamp: number,
  { rows, replaced, revived, created }: Decided,
): Promise<void> {
  const { practice } = scope
  await replaceRows(transaction, scope, stamp, replaced)
  if (!(await endTombstones(transaction, practice, stamp, revived))) throw raced()
  await insertRows(transaction, practice, stamp, rows)
  if (await isAnyDeleted(transaction, practice, created)) throw raced()
  await noteWrites(
    transaction,
    scope,
    rows.map(({ type }) => type),
  )
  await trackMembers(transaction, scope, stamp, rows)
}

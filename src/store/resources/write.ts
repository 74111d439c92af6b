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
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database, Runner, Transaction } from '#db'
import { Problem } from '#lib'
import type { IndexScope } from '../index/rows.ts'
import { type WrittenStates, writtenStates } from '../index-state.ts'
import type { WriteOperation, WriteResult } from '../store.ts'
import { isAnyDeleted, lockCurrent, type Stored } from './current.ts'
import { type Decided, type Decision, decide, together } from './decide.ts'
import type { Dictionaries } from './dictionaries.ts'
import { trackingMembers } from './group-members.ts'
import { copyRows } from './insert.ts'
import { type Keyed, keyOf } from './keyed.ts'
import { endTombstones, replacing } from './replace.ts'
import type { RowIds } from './row-ids.ts'
import { lockAsWriter, writerClock } from './stamp.ts'

export interface Writer {
  readonly db: Database
  readonly scope: IndexScope
  readonly dictionaries: Dictionaries
  readonly rowIds: RowIds
}

export async function write(writer: Writer, operations: readonly WriteOperation[]): Promise<WriteResult[]> {
  if (operations.length === 0) return []
  const keyed = operations.map((operation) => keyOf(writer.scope, operation))
  const { db, scope } = writer
  return untilAlone(writer, keyed, (rids) =>
    db.transaction(async (transaction) => {
      const locked = await lock(transaction, scope, keyed)
      const decisions = keyed.map((one, i) => decideOn(scope, locked, one, rids[i]))
      await copy(transaction, scope, locked, together(decisions))
      return decisions.map(({ result }) => result)
    }),
  )
}

const mostTries = 12
const mostPauseMs = 20

/** Step 1, then `work`, again when another writer came between. `rids`: one for each of `keyed`. */
export async function untilAlone<T>(
  { dictionaries, rowIds }: Writer,
  keyed: readonly Keyed[],
  work: (rids: readonly number[]) => Promise<T>,
): Promise<T> {
  await dictionaries.add(keyed.flatMap(({ index }) => index ?? []))
  for (let tries = 1; ; tries++) {
    const rids = await rowIds.take(keyed.length)
    try {
      return await work(rids)
    } catch (error) {
      if (!isRace(error) || tries === mostTries) throw error
      await sleep(Math.random() * mostPauseMs) // so that the same writers do not meet again at once
    }
  }
}

function isRace(error: unknown): boolean {
  const { code, constraint, kind } = error as { code?: string; constraint?: string; kind?: string }
  return (code === '23505' && (constraint === 'resource_key' || constraint === 'resource_pkey')) || kind === 'busy'
}

export function raced(): Problem {
  return new Problem('busy', 'Another write came between: try again')
}

export interface Locked {
  readonly stored: ReadonlyMap<string, Stored>
  readonly stamp: number
  readonly states: WrittenStates
}

/** Step 2: its statements go out together, in this order. */
export async function lock(runner: Runner, scope: IndexScope, keyed: readonly Keyed[]): Promise<Locked> {
  const { practice } = scope
  const types = keyed.map(({ operation }) => operation.type)
  const [, { stored, rounds }, clock, states] = await Promise.all([
    lockAsWriter(runner, practice),
    lockCurrent(
      runner,
      practice,
      keyed.map(({ key }) => key),
    ),
    writerClock(runner, practice),
    writtenStates(runner, scope, types),
  ])
  const newest = Math.max(0, ...[...stored.values()].map(({ updated }) => updated))
  return {
    stored,
    stamp: Math.max(clock, newest + 1),
    states: rounds > 1 ? await writtenStates(runner, scope, types) : states,
  }
}

/** Step 3. */
export function decideOn(scope: IndexScope, { stored, stamp, states }: Locked, keyed: Keyed, rid = 0): Decision {
  const isSettled = states.isSettled(keyed.operation.type)
  return decide(keyed, stored.get(keyed.key), { scope, stamp, rid, isSettled })
}

/** Step 4 for many rows. */
async function copy(transaction: Transaction, scope: IndexScope, { stamp, states }: Locked, decided: Decided) {
  const { practice } = scope
  const { rows, replaced, revived, created } = decided
  for (const statement of replacing(practice, stamp, replaced)) await transaction.run(statement)
  if (!(await endTombstones(transaction, practice, stamp, revived))) throw raced()
  await copyRows(transaction, practice, stamp, rows)
  if (await isAnyDeleted(transaction, practice, created)) throw raced()
  const disagreement = states.disagreement(rows)
  if (disagreement) await transaction.run(disagreement)
  for (const statement of trackingMembers(scope, stamp, rows)) await transaction.run(statement)
}

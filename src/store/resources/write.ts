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
import type { Database, Runner, Sql, Transaction } from '#db'
import type { IndexScope } from '../index/rows.ts'
import { type WrittenStates, writtenStates } from '../index-state.ts'
import type { WriteOperation, WriteResult } from '../store.ts'
import { failingWhereDeleted, lockCurrent, type Stored } from './current.ts'
import { type Decided, type Decision, decide, together } from './decide.ts'
import type { Dictionaries } from './dictionaries.ts'
import { trackingMembers } from './group-members.ts'
import { copyRows } from './insert.ts'
import { type Keyed, keyOf } from './keyed.ts'
import { endingTombstones, replacing } from './replace.ts'
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
  if (code === '23505') return constraint === 'resource_key' || constraint === 'resource_pkey'
  return code === '22012' || kind === 'busy'
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

/** Step 4: what goes before the new rows and what goes behind them; nobody needs the answers. */
export function statementsAround(
  scope: IndexScope,
  { stamp, states }: Locked,
  { rows, replaced, revived, created }: Decided,
): { before: Sql[]; after: Sql[] } {
  const { practice } = scope
  const disagreement = states.disagreement(rows)
  return {
    before: [...replacing(practice, stamp, replaced), ...endingTombstones(practice, stamp, revived)],
    after: [
      ...failingWhereDeleted(practice, created),
      ...(disagreement ? [disagreement] : []),
      ...trackingMembers(scope, stamp, rows),
    ],
  }
}

async function copy(transaction: Transaction, scope: IndexScope, locked: Locked, decided: Decided) {
  const { before, after } = statementsAround(scope, locked, decided)
  for (const statement of before) await transaction.run(statement)
  await copyRows(transaction, scope.practice, locked.stamp, decided.rows)
  for (const statement of after) await transaction.run(statement)
}

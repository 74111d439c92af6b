/**
 * Writing. All operations of one call are one transaction with one stamp:
 * 1. texts and units that are new to the practice are added (on their own: they never go away again);
 * 2. the writer's lock, then the rows under these keys, then the stamp (see stamp.ts for why in this order);
 * 3. what changed goes to history, what is new or changed goes in by COPY;
 * 4. commit. Two writers who create, replace or revive the same id meet at the unique key or the tombstone: the later one
 *    starts again and finds what the other left.
 */
import type { Database, Transaction } from '#db'
import { instantText, withMeta, withoutVersion } from '#fhir'
import { Problem } from '#lib'
import { hashKey, int8Text, latest } from '../hash.ts'
import { indexResource } from '../index/index-resource.ts'
import type { IndexRows, IndexScope } from '../index/rows.ts'
import { noteWrites } from '../index-state.ts'
import type { WriteOperation, WriteResult } from '../store.ts'
import { isAnyDeleted, lockCurrent, type Stored } from './current.ts'
import type { Dictionaries } from './dictionaries.ts'
import { trackMembers } from './group-members.ts'
import { insertRows, type NewRow } from './insert.ts'
import { endTombstones, type Replaced, replaceRows } from './replace.ts'
import type { RowIds } from './row-ids.ts'
import { lockAsWriter, writerStamp } from './stamp.ts'

export interface Writer {
  readonly db: Database
  readonly scope: IndexScope
  readonly dictionaries: Dictionaries
  readonly rowIds: RowIds
}

interface Keyed {
  readonly operation: WriteOperation
  readonly halves: readonly [high: number, low: number]
  readonly key: string
  readonly index: IndexRows | undefined
}

const mostTries = 5

export async function write(writer: Writer, operations: readonly WriteOperation[]): Promise<WriteResult[]> {
  if (operations.length === 0) return []
  const keyed = operations.map((operation) => keyOf(writer.scope, operation))
  await writer.dictionaries.add(keyed.flatMap(({ index }) => index ?? []))
  const creates = keyed.length
  for (let tries = 1; ; tries++) {
    const rids = await writer.rowIds.take(creates)
    try {
      return await writer.db.transaction((transaction) =>
        writeOnce(transaction, writer.scope, { keyed, rids, isAgain: tries > 1 }),
      )
    } catch (error) {
      if (!isRace(error) || tries === mostTries) throw error
    }
  }
}

function keyOf(scope: IndexScope, operation: WriteOperation): Keyed {
  hashKey(scope.practice, operation.type, operation.id)
  const halves = [latest.high, latest.low] as const
  const index = operation.kind === 'put' ? indexResource(scope, operation.type, operation.resource) : undefined
  return { operation, halves, key: int8Text({ high: halves[0], low: halves[1] }), index }
}

function isRace(error: unknown): boolean {
  const { code, constraint, kind } = error as { code?: string; constraint?: string; kind?: string }
  return (code === '23505' && (constraint === 'resource_key' || constraint === 'resource_pkey')) || kind === 'busy'
}

function raced(): Problem {
  return new Problem('busy', 'Another write came between: try again')
}

interface Decided {
  readonly results: WriteResult[]
  readonly rows: NewRow[]
  readonly replaced: Replaced[]
  readonly revived: Stored[]
  /** Keys of which nothing was known. */
  readonly created: string[]
}

async function writeOnce(
  transaction: Transaction,
  scope: IndexScope,
  { keyed, rids, isAgain }: { keyed: readonly Keyed[]; rids: readonly number[]; isAgain: boolean },
): Promise<WriteResult[]> {
  const { practice } = scope
  await lockAsWriter(transaction, practice)
  const stored = await lockCurrent(
    transaction,
    practice,
    keyed.map(({ key }) => key),
    isAgain,
  )
  const newest = Math.max(0, ...[...stored.values()].map(({ updated }) => updated))
  const stamp = await writerStamp(transaction, practice, newest)
  const decided: Decided = { results: [], rows: [], replaced: [], revived: [], created: [] }
  keyed.forEach((one, i) => {
    decided.results.push(decide(decided, one, stored.get(one.key), rids[i] ?? 0, stamp))
  })
  await replaceRows(transaction, scope, stamp, decided.replaced)
  if (!(await endTombstones(transaction, practice, stamp, decided.revived))) throw raced()
  await insertRows(transaction, practice, stamp, decided.rows)
  if (await isAnyDeleted(transaction, practice, decided.created)) throw raced()
  await noteWrites(
    transaction,
    scope,
    decided.rows.map(({ type }) => type),
  )
  await trackMembers(transaction, scope, stamp, decided.rows)
  return decided.results
}

function decide(
  decided: Decided,
  { operation, halves, key, index }: Keyed,
  stored: Stored | undefined,
  rid: number,
  stamp: number,
): WriteResult {
  const { type, id } = operation
  if (stored && stored.id !== id) {
    throw new Problem(
      'conflict',
      `${type}/${id} cannot be stored: its key meets that of another resource; choose another id`,
    )
  }
  if (operation.kind === 'delete') {
    if (stored?.body === undefined) return { outcome: 'absent', version: stored?.version ?? 0, updated: stamp }
    decided.replaced.push({ type, stored: { ...stored, body: stored.body }, isDeleted: true })
    return { outcome: 'deleted', version: stored.version + 1, updated: stamp }
  }
  if (stored?.body !== undefined && withoutVersion(stored.body) === withoutVersion(operation.text)) {
    return { outcome: 'unchanged', version: stored.version, updated: stored.updated }
  }
  const version = (stored?.version ?? 0) + 1
  const body = withMeta(operation.text, { versionId: String(version), lastUpdated: instantText(stamp) })
  if (stored?.body !== undefined)
    decided.replaced.push({ type, stored: { ...stored, body: stored.body }, isDeleted: false })
  else if (stored) decided.revived.push(stored)
  else decided.created.push(key)
  decided.rows.push({
    type,
    id,
    rid: stored ? Number(stored.rid) : rid,
    key: halves,
    version,
    body,
    index: index as IndexRows,
  })
  return { outcome: stored?.body === undefined ? 'created' : 'updated', version, updated: stamp }
}

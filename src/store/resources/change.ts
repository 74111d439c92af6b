/**
 * What a principal changes. A unit (the changes of one call) is done whole or not at all, in the steps of `write.ts`; once
 * its rows are locked, and before anything of it is written, it is held against what is stored:
 *
 *   the right to create, update or delete the type; what is stored must be within it       forbidden
 *   If-Match, an id that must be new                                                       stale, conflict
 *   references to what is not stored                                                       invalid
 *   what comes instead must be within the same right, so nothing moves to another patient  forbidden
 *   no attachment may name a Binary that could not be read, nobody makes a patient theirs  forbidden
 *
 * Whose a row is stands in the index, before and after. A right that asks for more is asked as SQL: on the rows as they
 * were when they are locked, on the rows as they became when they are inserted, which then are taken back.
 */
import type { Pipeline, Runner } from '#db'
import { Problem } from '#lib'
import { int8Text } from '../hash.ts'
import type { IndexScope } from '../index/rows.ts'
import type { Predicate, See } from '../see.ts'
import type { WriteResult } from '../store.ts'
import { assignedBefore } from './assigned-before.ts'
import type { Stored } from './current.ts'
import { type Dangling, danglingOf } from './dangling.ts'
import { type Decided, type Decision, together } from './decide.ts'
import { insertsOf } from './insert.ts'
import type { KeyedChange } from './keyed.ts'
import { refuseNamedBinaries } from './named-binaries.ts'
import { refuseReferenced } from './referenced.ts'
import { type Asked, asksOnlyOwner, seenByQuery, seesOwner } from './seen.ts'
import { waitForWriters } from './stamp.ts'
import { decideOn, type Locked, lock, statementsAround, untilAlone, type Writer } from './write.ts'

export interface Unit {
  readonly see: See
  readonly changes: readonly KeyedChange[]
}

export type Outcome = { readonly results: WriteResult[] } | { readonly refusal: Problem }

/** Whether a unit must be in a transaction of its own: it may have to be taken back when its rows are written. */
export function isForItself({ changes }: Unit): boolean {
  return changes.some(
    ({ may, refuseReferenced: isAsked }) =>
      isAsked || Object.values(may).some((predicate?: Predicate) => predicate && !asksOnlyOwner(predicate)),
  )
}

/** Units that share no key, in one transaction; a unit that is refused takes no other with it. */
export function changeTogether(writer: Writer, units: readonly Unit[]): Promise<Outcome[]> {
  const { db, scope } = writer
  const changes = units.flatMap((unit) => unit.changes)
  return untilAlone(writer, changes, (rids) =>
    db.pipeline(async (pipeline) => {
      if (changes.some((one) => one.refuseReferenced)) {
        await waitForWriters(pipeline, scope.practice) // nobody may add a reference while we look for references
      }
      const locked = await lock(pipeline, scope, changes)
      const ridOf = new Map(changes.map(({ key }, i) => [key, rids[i]]))
      const dangling = await danglingOf(pipeline, scope, changes)
      const held: Held[] = []
      for (const unit of units) held.push(await hold(pipeline, scope, locked, unit, { ridOf, dangling }))
      const accepted = held.flatMap((one) => ('refusal' in one ? [] : [one]))
      insert(pipeline, scope, locked, together(accepted.flatMap(({ decisions }) => decisions)))
      for (const { unit, after } of accepted) {
        refuseUnseen(after, await seenByQuery(pipeline, scope.practice, unit.see, after))
        await refuseReferenced(pipeline, scope, unit.see, unit.changes)
      }
      return held.map((one) => ('refusal' in one ? one : { results: one.decisions.map(({ result }) => result) }))
    }),
  )
}

type Held =
  | { readonly refusal: Problem }
  | { readonly unit: Unit; readonly decisions: readonly Decision[]; readonly after: readonly AskedOf[] }

/** A change with what it meets, and what they may do of it. */
interface Right {
  readonly one: KeyedChange
  readonly stored: Stored | undefined
  readonly predicate: Predicate
}

interface Known {
  readonly ridOf: ReadonlyMap<string, number | undefined>
  readonly dangling: Dangling
}

/** Holds a unit against what is stored. */
async function hold(
  pipeline: Pipeline,
  scope: IndexScope,
  locked: Locked,
  unit: Unit,
  { ridOf, dangling }: Known,
): Promise<Held> {
  const { practice } = scope
  try {
    const asked = unit.changes.map((one): Right => {
      const stored = locked.stored.get(one.key)
      return { one, stored, predicate: rightOf(one, stored) }
    })
    const unknown = await refuseForeign(pipeline, practice, unit.see, asked)
    await refuseNamedBinaries(pipeline, scope, unit.see, asked)
    for (const { one, stored } of asked) {
      checkVersion(one, unknown.has(one.key) ? undefined : stored, unit.see, practice)
    }
    dangling.refuse(unit.changes)
    const decisions = withoutIdle(
      unit.changes,
      unit.changes.map((one) => decideOn(scope, locked, one, ridOf.get(one.key))),
    )
    const brought = asked.filter(({ one }, i) => one.index && decisions[i]?.result.outcome !== 'absent')
    const rights = brought.map(({ one, predicate }) => ({ one, predicate, owner: ownerOf(one) }))
    const settle = await assignedBefore(pipeline, practice, rights)
    const after = rights.flatMap((right) => {
      const predicate = settle(right)
      return seesOwner(practice, predicate, right.owner) ? [] : [askOf(right.one, predicate)]
    })
    refuseUnseen(after.filter(({ predicate }) => asksOnlyOwner(predicate)))
    return { unit, after, decisions }
  } catch (refusal) {
    if (refusal instanceof Problem && refusal.kind !== 'unavailable' && refusal.kind !== 'busy') return { refusal }
    throw refusal
  }
}

/**
 * Refuses where what is stored is not within the right. S-2: to If-Match, what they may not even read is as if it were not
 * there; answers the keys of these.
 */
async function refuseForeign(
  runner: Runner,
  practice: number,
  see: See,
  asked: readonly Right[],
): Promise<ReadonlySet<string>> {
  const before = asked.filter(
    ({ one, stored, predicate }) =>
      !one.isNew && stored?.body !== undefined && !seesOwner(practice, predicate, stored.patient),
  )
  const within = await seenByQuery(
    runner,
    practice,
    see,
    before.map(({ one, predicate }) => askOf(one, predicate)),
  )
  const foreign = before.filter(({ one }) => !within.has(one.key))
  const conditional = foreign.filter(({ one }) => one.ifMatch !== undefined)
  const reading = conditional.flatMap(({ one, stored }) => {
    const predicate = see(one.operation.type)
    return predicate ? [{ one, stored, predicate }] : []
  })
  const readable = await seenByQuery(
    runner,
    practice,
    see,
    reading.map(({ one, predicate }) => askOf(one, predicate)),
  )
  const isRead = (key: string) =>
    readable.has(key) ||
    reading.some(({ one, stored, predicate }) => one.key === key && seesOwner(practice, predicate, stored?.patient))
  const unknown = new Set(conditional.flatMap(({ one: { key } }) => (isRead(key) ? [] : [key])))
  refuseUnseen(foreign.filter(({ one }) => !unknown.has(one.key)).map(({ one, predicate }) => askOf(one, predicate)))
  return unknown
}

/** What accompanies a change that makes no version is not done either. */
function withoutIdle(changes: readonly KeyedChange[], decisions: readonly Decision[]): readonly Decision[] {
  return decisions.map((decision, i) => {
    const { accompanies } = changes[i] ?? {}
    const other = accompanies === undefined ? undefined : decisions[accompanies]?.result
    const isIdle = other?.outcome === 'unchanged' || other?.outcome === 'absent'
    return isIdle ? { result: { outcome: 'absent', version: 0, updated: other.updated } } : decision
  })
}

/** Step 4 of `write.ts`, one INSERT a table. */
function insert(pipeline: Pipeline, scope: IndexScope, locked: Locked, decided: Decided) {
  const { before, after } = statementsAround(scope, locked, decided)
  const inserts = insertsOf(scope.practice, locked.stamp, decided.rows)
  for (const statement of [...before, ...inserts, ...after]) pipeline.send(statement)
}

/** What the principal may do of this kind to the type. */
function rightOf({ operation, may, isNew }: KeyedChange, stored: Stored | undefined): Predicate {
  const right = operation.kind === 'delete' ? 'delete' : isNew || stored?.body === undefined ? 'create' : 'update'
  const predicate = may[right]
  if (!predicate) throw new Problem('forbidden', `Cannot ${right} ${operation.type}: this access does not include it`)
  return predicate
}

interface AskedOf extends Asked {
  readonly id: string
}

function askOf({ operation: { type, id }, key }: KeyedChange, predicate: Predicate): AskedOf {
  return { type, id, key, predicate }
}

function refuseUnseen(asked: readonly AskedOf[], seen: ReadonlySet<string> = new Set()) {
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

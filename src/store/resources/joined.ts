/**
 * Changes of the same moment are joined into one transaction, so that they share its locks, its statements and the disk's
 * one wait. While transactions are under way, units wait here; what waits when one ends goes into the next:
 *
 *   units that share a key    one after the other, in the order in which they came
 *   a unit for itself         alone (see `isForItself`)
 *   a failure of the database each unit again by itself; where it may have been committed, all of them fail
 *
 * Other processes know nothing of this: with them, rows are locked and races are met as `write.ts` says.
 */
import { Problem } from '#lib'
import type { See } from '../see.ts'
import type { Change, WriteResult } from '../store.ts'
import { changeTogether, isForItself, type Outcome, type Unit } from './change.ts'
import { type KeyedChange, keyOf } from './keyed.ts'
import type { Writer } from './write.ts'

interface Waiting {
  readonly unit: Unit
  readonly isForItself: boolean
  readonly characters: number
  readonly resolve: (results: WriteResult[]) => void
  readonly reject: (error: unknown) => void
}

const mostUnderWay = 2
/** Units for which a second transaction is worth while; fewer wait for the one under way, unless it is long. */
const worthwhile = 24
const longChanges = 100
const mostChanges = 1000
const mostCharacters = 4_000_000

/** The changes of one practice. */
export class JoinedChanges {
  readonly #writer: Writer
  #waiting: Waiting[] = []
  /** Keys of transactions under way. */
  readonly #busy = new Set<string>()
  #underWay: (readonly Waiting[])[] = []
  #isPlanned = false

  constructor(writer: Writer) {
    this.#writer = writer
  }

  async change(see: See, changes: readonly Change[]): Promise<WriteResult[]> {
    if (changes.length === 0) return []
    const keyed = changes.map((one): KeyedChange => ({ ...one, ...keyOf(this.#writer.scope, one.operation) }))
    refuseRepeated(keyed)
    const unit: Unit = { see, changes: keyed }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ unit, isForItself: isForItself(unit), characters: charactersOf(unit), resolve, reject })
      this.#plan()
    })
  }

  /** What comes within one turn of the event loop comes at the same moment. */
  #plan() {
    if (this.#isPlanned || !this.#mayBegin()) return
    this.#isPlanned = true
    setImmediate(() => {
      this.#isPlanned = false
      if (!this.#mayBegin()) return
      const batch = this.#take()
      if (batch.length === 0) return
      void this.#run(batch)
      if (this.#waiting.length > 0) this.#plan()
    })
  }

  #mayBegin(): boolean {
    if (this.#underWay.length >= mostUnderWay) return false
    return this.#waiting.length >= worthwhile || this.#underWay.every(isLong)
  }

  async #run(batch: readonly Waiting[]) {
    const keys = batch.flatMap(({ unit }) => unit.changes.map(({ key }) => key))
    for (const key of keys) this.#busy.add(key)
    this.#underWay.push(batch)
    await settle(this.#writer, batch)
    this.#underWay = this.#underWay.filter((other) => other !== batch)
    for (const key of keys) this.#busy.delete(key)
    if (this.#waiting.length > 0) this.#plan()
  }

  /** The units that go together next; a unit that has to wait keeps its keys from those behind it. */
  #take(): Waiting[] {
    const batch: Waiting[] = []
    const left: Waiting[] = []
    const taken = new Set<string>()
    let [changes, characters, isFull] = [0, 0, false]
    for (const waiting of this.#waiting) {
      const { unit } = waiting
      const isFree = unit.changes.every(({ key }) => !this.#busy.has(key) && !taken.has(key))
      for (const { key } of unit.changes) taken.add(key)
      const fits =
        batch.length === 0 ||
        (!waiting.isForItself &&
          changes + unit.changes.length <= mostChanges &&
          characters + waiting.characters <= mostCharacters)
      if (isFull || !isFree || !fits) {
        left.push(waiting)
        isFull ||= isFree
        continue
      }
      batch.push(waiting)
      changes += unit.changes.length
      characters += waiting.characters
      isFull = waiting.isForItself
    }
    this.#waiting = left
    return batch
  }
}

function refuseRepeated(changes: readonly KeyedChange[]) {
  const keys = new Set<string>()
  for (const { key, operation } of changes) {
    if (keys.has(key))
      throw new Problem('incorrect', `${operation.type}/${operation.id} is changed twice: change it once`)
    keys.add(key)
  }
}

function isLong(batch: readonly Waiting[]): boolean {
  const changes = batch.reduce((sum, { unit }) => sum + unit.changes.length, 0)
  return changes > longChanges || batch.some((waiting) => waiting.isForItself)
}

function charactersOf({ changes }: Unit): number {
  let characters = 0
  for (const { operation } of changes) if (operation.kind === 'put') characters += operation.text.length
  return characters
}

/** Answers every unit of the batch. */
async function settle(writer: Writer, batch: readonly Waiting[]): Promise<void> {
  try {
    const outcomes = await changeTogether(
      writer,
      batch.map(({ unit }) => unit),
    )
    batch.forEach((waiting, i) => {
      answer(waiting, outcomes[i])
    })
  } catch (error) {
    if (batch.length === 1 || isUncertain(error)) for (const { reject } of batch) reject(error)
    else for (const waiting of batch) await settle(writer, [waiting])
  }
}

/** The connection was lost, or the database stopped: a commit may have been on its way. */
function isUncertain(error: unknown): boolean {
  return error instanceof Problem && error.kind === 'unavailable'
}

function answer({ resolve, reject }: Waiting, outcome: Outcome | undefined) {
  if (outcome && 'results' in outcome) resolve(outcome.results)
  else reject(outcome?.refusal)
}

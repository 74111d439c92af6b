/**
 * Writes units in batches, at most two at a time, so that the store is busy while we read. Two batches that hold the same
 * Type/id are never under way together: versions get their order from the input. `add` waits when both places are taken,
 * which holds the reading back and the memory down. A batch that is refused is halved until the unit at fault stands alone.
 */
import { Problem } from '#lib'
import type { WriteOperation, WriteResult } from '#store'
import { type Batch, emptyBatch, operationsOf, overlaps, put } from './batch.ts'
import type { Unit } from './unit.ts'

export type Write = (operations: readonly WriteOperation[]) => Promise<readonly WriteResult[]>

export interface Writing {
  readonly write: Write
  /** The unit is stored: what has been told here is loaded for good. */
  written(unit: Unit, results: readonly WriteResult[]): void
  refused(unit: Unit, problem: Problem): Promise<void> | void
  /** A newer version in the input took this one's place before it was written. */
  replaced?(): void
  readonly operationsPerBatch?: number
  readonly bytesPerBatch?: number
}

export interface Writer {
  /** Waits only when there is more under way than memory should hold. */
  add(unit: Unit): Promise<void> | undefined
  /** Until all that was added is stored or refused. */
  flush(): Promise<void>
  /** Until the batches under way are stored or refused; what was added since then is dropped. */
  stop(): Promise<void>
  /** Whether resources of one of these types were added and are not stored yet. */
  holds(types: ReadonlySet<string>): boolean
}

const batchesUnderWay = 2

export function writerTo(writing: Writing): Writer {
  const { operationsPerBatch = 1000, bytesPerBatch = 2 * 1024 * 1024 } = writing
  let batch = emptyBatch()
  const underWay = new Map<Batch, Promise<void>>()
  let failure: unknown

  const send = async () => {
    const sent = batch
    batch = emptyBatch()
    if (sent.units.length === 0) return
    while (underWay.size >= batchesUnderWay || [...underWay.keys()].some((other) => overlaps(sent, other))) {
      await Promise.race(underWay.values())
    }
    if (failure) throw failure
    const writes = writeUnits(sent.units, writing)
      .catch((error: unknown) => {
        failure ??= error
      })
      .then(() => void underWay.delete(sent))
    underWay.set(sent, writes)
  }
  const settled = async () => {
    await Promise.all(underWay.values())
    if (failure) throw failure
  }
  const addToNext = async (unit: Unit) => {
    await send()
    put(batch, unit)
  }
  return {
    add(unit) {
      const how = put(batch, unit)
      if (how === 'full') return addToNext(unit)
      if (how === 'replaced') writing.replaced?.()
      if (batch.operations < operationsPerBatch && batch.bytes < bytesPerBatch) return undefined
      return send()
    },
    async flush() {
      await send()
      await settled()
    },
    async stop() {
      batch = emptyBatch()
      await settled()
    },
    holds: (types) => [batch, ...underWay.keys()].some((one) => holdsType(one, types)),
  }
}

function holdsType(batch: Batch, types: ReadonlySet<string>): boolean {
  return batch.units.some((unit) => unit.operations.some((operation) => types.has(operation.type)))
}

/** One write; if it is refused for what it holds, both halves by themselves. */
async function writeUnits(units: readonly Unit[], writing: Writing): Promise<void> {
  try {
    const results = await writing.write(operationsOf(units))
    let from = 0
    for (const unit of units) {
      writing.written(unit, results.slice(from, from + unit.operations.length))
      from += unit.operations.length
    }
  } catch (error) {
    if (!(error instanceof Problem) || stopping.has(error.kind)) throw error
    const [unit] = units
    if (units.length === 1 && unit) return await writing.refused(unit, error)
    const middle = units.length >> 1
    await writeUnits(units.slice(0, middle), writing)
    await writeUnits(units.slice(middle), writing)
  }
}

/** Kinds that say something about the store and nothing about what is to be stored. */
const stopping: ReadonlySet<Problem['kind']> = new Set(['unavailable', 'busy', 'fault', 'unauthenticated', 'forbidden'])

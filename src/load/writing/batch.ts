import type { WriteOperation } from '#store'
import { keyOf, type Unit, unitBytes } from './unit.ts'

/** Units that are written by one statement; holds each Type/id once. */
export interface Batch {
  readonly units: Unit[]
  /** Where each Type/id stands in `units`. */
  readonly keys: Map<string, number>
  operations: number
  bytes: number
}

export function emptyBatch(): Batch {
  return { units: [], keys: new Map(), operations: 0, bytes: 0 }
}

/** Puts the unit into the batch: 'taken', 'replaced' when it took an older version's place, 'full' when it can't go in. */
export function put(batch: Batch, unit: Unit): 'taken' | 'replaced' | 'full' {
  const keys = unit.operations.map(keyOf)
  const [key = ''] = keys
  const at = keys.length === 1 ? batch.keys.get(key) : undefined
  if (at !== undefined && batch.units[at]?.operations.length === 1) {
    batch.units[at] = unit
    batch.bytes += unitBytes(unit)
    return 'replaced'
  }
  if (keys.some((one) => batch.keys.has(one))) return 'full'
  for (const one of keys) batch.keys.set(one, batch.units.length)
  batch.units.push(unit)
  batch.operations += unit.operations.length
  batch.bytes += unitBytes(unit)
  return 'taken'
}

export function operationsOf(units: readonly Unit[]): WriteOperation[] {
  return units.flatMap((unit) => unit.operations as WriteOperation[])
}

export function overlaps(one: Batch, other: Batch): boolean {
  for (const key of one.keys.keys()) if (other.keys.has(key)) return true
  return false
}

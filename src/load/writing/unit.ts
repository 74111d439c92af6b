import type { WriteOperation } from '#store'
import type { Place } from '../reading/texts.ts'

/** What is written whole or not at all: one resource, or the entries of a transaction. */
export interface Unit {
  readonly operations: readonly WriteOperation[]
  /** Of each operation. */
  readonly places: readonly Place[]
}

export function keyOf(operation: WriteOperation): string {
  return `${operation.type}/${operation.id}`
}

export function unitBytes(unit: Unit): number {
  let bytes = 0
  for (const operation of unit.operations) bytes += operation.kind === 'put' ? operation.text.length : 64
  return bytes
}

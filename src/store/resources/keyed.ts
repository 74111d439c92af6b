import { hashKey, int8Text, latest } from '../hash.ts'
import { indexResource } from '../index/index-resource.ts'
import type { IndexRows, IndexScope } from '../index/rows.ts'
import type { Change, WriteOperation } from '../store.ts'

/** An operation with what it writes, as far as that follows from itself. */
export interface Keyed {
  readonly operation: WriteOperation
  readonly halves: readonly [high: number, low: number]
  readonly key: string
  /** Undefined for a deletion. */
  readonly index: IndexRows | undefined
}

export interface KeyedChange extends Keyed, Omit<Change, 'operation'> {}

export function keyOf(scope: IndexScope, operation: WriteOperation): Keyed {
  hashKey(scope.practice, operation.type, operation.id)
  const halves = [latest.high, latest.low] as const
  const index = operation.kind === 'put' ? indexResource(scope, operation.type, operation.resource) : undefined
  return { operation, halves, key: int8Text({ high: halves[0], low: halves[1] }), index }
}

import type { WriteOperation } from '#store'
import type { Place } from './reading/texts.ts'
import { spool } from './writing/spool.ts'
import { keyOf, type Unit } from './writing/unit.ts'

/** Keeps older versions back for the case that the newer one in the input is refused. */
export interface OlderVersions {
  /** Whether anything stands in several texts at all. */
  readonly mayKeep: boolean
  /** How many were kept back. */
  readonly count: number
  /** The unit without the operations that a later text of the input does again; they are kept on disk. */
  without(unit: Unit, number: number): Promise<Unit>
  /** To be told of all that is stored. */
  stored(operation: WriteOperation): void
  /** After all else: the newest version, of those kept back, of what has no newer one in the store. */
  stillWanted(): AsyncGenerator<Unit>
  [Symbol.asyncDispose](): Promise<void>
}

interface Kept {
  readonly place: Place
  readonly type: string
  readonly id: string
  /** Undefined for a deletion. */
  readonly text: string | undefined
}

/** `last` has the number of the text with the last version, by Type/id, for what stands in several. */
export function olderVersions(last: ReadonlyMap<string, number>, temporaryFolder?: string): OlderVersions {
  const kept = spool<Kept>(temporaryFolder)
  const stored = new Set<string>()
  return {
    mayKeep: last.size > 0,
    get count() {
      return kept.count
    },
    async without(unit, number) {
      const isLast = unit.operations.map((operation) => (last.get(keyOf(operation)) ?? 0) <= number)
      if (isLast.every(Boolean)) return unit
      for (const [index, operation] of unit.operations.entries()) {
        if (!isLast[index]) await kept.add(keptBack(operation, unit.places[index] as Place))
      }
      return {
        operations: unit.operations.filter((_, index) => isLast[index]),
        places: unit.places.filter((_, index) => isLast[index]),
      }
    },
    stored(operation) {
      if (last.size > 0 && last.has(keyOf(operation))) stored.add(keyOf(operation))
    },
    async *stillWanted() {
      const wanted = new Map<string, Kept>()
      for await (const one of kept.items()) {
        if (!stored.has(`${one.type}/${one.id}`)) wanted.set(`${one.type}/${one.id}`, one)
      }
      for (const one of wanted.values()) yield { operations: [operationOf(one)], places: [one.place] }
    },
    [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
  }
}

function keptBack(operation: WriteOperation, place: Place): Kept {
  const { type, id } = operation
  return { place, type, id, text: operation.kind === 'put' ? operation.text : undefined }
}

function operationOf({ type, id, text }: Kept): WriteOperation {
  if (text === undefined) return { kind: 'delete', type, id }
  return { kind: 'put', type, id, text, resource: JSON.parse(text) }
}

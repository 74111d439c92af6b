/**
 * What replacing a row changes in the side tables. The row keeps its rid, so what the old and the new text have in common
 * may stay: most updates change no date and no name. Where the stored index may have been made by something else than
 * what indexes here and now (see index-state.ts), all of it is made again.
 */
import { isDeepStrictEqual } from 'node:util'
import { Pairs } from '../index/pairs.ts'
import type { IndexRows } from '../index/rows.ts'
import type { SideRows } from './insert.ts'
import type { Removed } from './replace.ts'

export interface SideChange {
  readonly removed: Removed
  readonly added: SideRows
}

const nothing: SideRows = { ordered: [], strings: [], numbers: [], dates: [] }

/** `index`: of the new text; undefined where the row is deleted. `dt`: main date of the row as it is stored. */
export function sideChange(old: IndexRows, index: IndexRows | undefined, dt: string, isSettled: boolean): SideChange {
  const added = index ?? nothing
  if (!isSettled) return { removed: allOf(old, dt), added }
  const isSameDate = index?.low === old.low
  const isKept = (table: 'strings' | 'numbers' | 'dates') => isDeepStrictEqual(old[table], added[table])
  const [strings, numbers, dates] = [isKept('strings'), isKept('numbers'), isKept('dates')]
  return {
    removed: {
      ordered: isSameDate ? without(old.ordered, added.ordered) : old.ordered,
      dt,
      strings: !strings && old.strings.length > 0,
      numbers: !numbers && old.numbers.length > 0,
      dates: !dates && old.dates.length > 0,
    },
    added: {
      ordered: isSameDate ? without(added.ordered, old.ordered) : added.ordered,
      strings: strings ? [] : added.strings,
      numbers: numbers ? [] : added.numbers,
      dates: dates ? [] : added.dates,
    },
  }
}

/** Everything, whatever made it; but tokens only as they are made now. */
export function allOf({ ordered }: Pick<IndexRows, 'ordered'>, dt: string): Removed {
  return { ordered, dt, strings: true, numbers: true, dates: true }
}

/** Pairs of halves that are not among `others`. */
function without(pairs: readonly number[], others: readonly number[]): readonly number[] {
  const known = Pairs.of(others)
  const left: number[] = []
  for (let i = 0; i < pairs.length; i += 2) {
    const [high = 0, low = 0] = [pairs[i], pairs[i + 1]]
    if (!known.has(high, low)) left.push(high, low)
  }
  return left
}

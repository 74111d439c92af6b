import type { WriteResult } from '#store'

type Outcome = Exclude<WriteResult['outcome'], 'absent'>

export type Counts = { -readonly [K in Outcome | 'failed']: number }

/** What became of the input, by type and in all. */
export interface Tally {
  readonly all: Counts
  readonly byType: ReadonlyMap<string, Counts>
  /** Adds to one count. A deletion of what is not there is unchanged. */
  add(type: string, outcome: WriteResult['outcome'] | 'failed', times?: number): void
}

export function tally(): Tally {
  const all = noCounts()
  const byType = new Map<string, Counts>()
  return {
    all,
    byType,
    add(type, outcome, times = 1) {
      const counts = byType.get(type) ?? noCounts()
      byType.set(type, counts)
      const name = outcome === 'absent' ? 'unchanged' : outcome
      counts[name] += times
      all[name] += times
    },
  }
}

/** Resources of the input that the store now has. */
export function loaded(counts: Counts): number {
  return counts.created + counts.updated + counts.unchanged + counts.deleted
}

function noCounts(): Counts {
  return { created: 0, updated: 0, unchanged: 0, deleted: 0, failed: 0 }
}

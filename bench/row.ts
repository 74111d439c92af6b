import type { Bench } from './bench.ts'

/** Requests of one table row: of the table, or of the ported workloads. */
export interface Row {
  /** For `--only`. */
  readonly name: string
  measure(bench: Bench): AsyncIterable<Line>
}

/** A line of the printed table. */
export interface Line {
  readonly work: string
  /** What it is held against. */
  readonly against: string
  /** Undefined: it could not be measured here, `note` says why. */
  readonly ratio?: number
  readonly reach?: { readonly atLeast: number } | { readonly atMost: number }
  /** Figures behind the ratio. */
  readonly note: string
  /** What else the JSON file keeps. */
  readonly figures?: Readonly<Record<string, unknown>>
}

export function isReached({ ratio, reach }: Line): boolean | undefined {
  if (ratio === undefined || !reach) return undefined
  return 'atLeast' in reach ? ratio >= reach.atLeast : ratio <= reach.atMost
}

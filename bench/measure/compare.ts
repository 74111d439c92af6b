import { type Load, type Loaded, load } from './load.ts'
import { median } from './median.ts'

/** What is measured side by side; the first is ours. */
export type Side = Pick<Load, 'origin' | 'paths' | 'token'>

export interface Rounds {
  readonly connections: number
  readonly seconds: number
  readonly rounds: number
}

export interface Compared {
  /** Median over the rounds, a side each. */
  readonly sides: readonly Loaded[]
  /** Requests per second of the first side over those of side i: the median of the rounds' ratios. */
  ratioTo(side: number): number
}

/**
 * Rounds of all sides in turn (A B A B …) after one of each that is not counted: a machine that slows down slows both sides
 * of a ratio.
 */
export async function compare(sides: readonly Side[], { connections, seconds, rounds }: Rounds): Promise<Compared> {
  const measured: Loaded[][] = sides.map(() => [])
  for (let round = 0; round <= rounds; round++) {
    for (const [i, side] of sides.entries()) {
      const one = await load({ ...side, connections, seconds })
      if (round > 0) measured[i]?.push(one)
    }
  }
  const [ours = []] = measured
  return {
    sides: measured.map((all) => ({
      requestsPerSecond: median(all.map((one) => one.requestsPerSecond)),
      p50Ms: median(all.map((one) => one.p50Ms)),
      p99Ms: median(all.map((one) => one.p99Ms)),
    })),
    ratioTo: (side) =>
      median(ours.map((one, round) => one.requestsPerSecond / (measured[side]?.[round]?.requestsPerSecond ?? 0))),
  }
}

/** Median over `rounds` of p50 at one connection, a side each, taken in turn. */
export async function latencies(sides: readonly Side[], seconds: number, rounds = 5): Promise<readonly number[]> {
  const { sides: measured } = await compare(sides, { connections: 1, seconds, rounds })
  return measured.map(({ p50Ms }) => p50Ms)
}

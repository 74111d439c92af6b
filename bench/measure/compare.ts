import type { RunningServer } from '../servers/start.ts'
import { type Load, type Loaded, load } from './load.ts'
import { median } from './median.ts'
import { processorSeconds } from './process-time.ts'

/** What is measured side by side; the first is ours. */
export interface Side extends Pick<Load, 'paths' | 'token' | 'requestOf'> {
  readonly server: RunningServer
}

export interface Measured extends Loaded {
  /** Microseconds of the server's own process for one request: says more than the rate where others use the machine. */
  readonly processorMicroseconds: number
}

export interface Rounds {
  readonly connections: number
  readonly seconds: number
  readonly rounds: number
}

export interface Compared {
  /** Median over the rounds, a side each. */
  readonly sides: readonly Measured[]
  /** Requests per second of the first side over those of side i: the median of the rounds' ratios. */
  ratioTo(side: number): number
}

/**
 * Rounds of all sides in turn (A B A B …) after one of each that is not counted: a machine that slows down slows both sides
 * of a ratio.
 */
export async function compare(sides: readonly Side[], { connections, seconds, rounds }: Rounds): Promise<Compared> {
  const measured: Measured[][] = sides.map(() => [])
  for (let round = 0; round <= rounds; round++) {
    for (const [i, side] of sides.entries()) {
      // The one before the first is longer: what has just started is compiled in it.
      const one = await measure(side, connections, round > 0 ? seconds : 2 * seconds)
      if (round > 0) measured[i]?.push(one)
    }
  }
  const [ours = []] = measured
  return {
    sides: measured.map((all) => ({
      requests: median(all.map((one) => one.requests)),
      requestsPerSecond: median(all.map((one) => one.requestsPerSecond)),
      p50Ms: median(all.map((one) => one.p50Ms)),
      p99Ms: median(all.map((one) => one.p99Ms)),
      processorMicroseconds: median(all.map((one) => one.processorMicroseconds)),
    })),
    ratioTo: (side) =>
      median(ours.map((one, round) => one.requestsPerSecond / (measured[side]?.[round]?.requestsPerSecond ?? 0))),
  }
}

async function measure(
  { server, paths, token, requestOf }: Side,
  connections: number,
  seconds: number,
): Promise<Measured> {
  const before = processorSeconds(server.pid) ?? Number.NaN
  const loaded = await load({
    ...{ origin: server.origin, paths, connections, seconds },
    ...(token && { token }),
    ...(requestOf && { requestOf }),
  })
  const used = (processorSeconds(server.pid) ?? Number.NaN) - before
  return { ...loaded, processorMicroseconds: (used * 1e6) / loaded.requests }
}

/** Median over the rounds of p50 at one connection, a side each, taken in turn. */
export async function latencies(
  sides: readonly Side[],
  { seconds, rounds }: Omit<Rounds, 'connections'>,
): Promise<readonly number[]> {
  const { sides: measured } = await compare(sides, { connections: 1, seconds, rounds })
  return measured.map(({ p50Ms }) => p50Ms)
}

/** Both rates, what one request costs each server process, and our latency. */
export function ratesText({ sides }: Compared, against: number): string {
  const [ours, floor] = [sides[0], sides[against]]
  if (!ours || !floor) return ''
  const rates = `${Math.round(ours.requestsPerSecond)}/s to ${Math.round(floor.requestsPerSecond)}/s`
  const costs = `${Math.round(ours.processorMicroseconds)} to ${Math.round(floor.processorMicroseconds)} µs of Node`
  return `${rates}, ${costs}, p50 ${ours.p50Ms.toFixed(1)} ms, p99 ${ours.p99Ms.toFixed(1)} ms`
}

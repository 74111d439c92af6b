/** A stream of numbers that depends on its key alone, so that each patient can be made without the others. */
export interface Random {
  /** At least 0 and less than 1. */
  next(): number
  chance(probability: number): boolean
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number
  pick<T>(list: readonly T[]): T
  /** Around `mean`; nine of ten within 1.6 × `spread`. */
  around(mean: number, spread: number): number
}

/** Mulberry32 over an FNV-1a hash of the key. */
export function randomOf(key: string): Random {
  let state = 0x811c9dc5
  for (let i = 0; i < key.length; i++) state = Math.imul(state ^ key.charCodeAt(i), 0x01000193)

  function next() {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }

  return {
    next,
    chance: (probability) => next() < probability,
    whole: (low, high) => low + Math.floor(next() * (high - low + 1)),
    pick: <T>(list: readonly T[]) => list[Math.floor(next() * list.length)] as T,
    around: (mean, spread) => mean + (next() + next() + next() - 1.5) * 2 * spread,
  }
}

/** A number with at most so many decimals, as a laboratory would print it. */
export function rounded(value: number, decimals: number): number {
  const factor = 10 ** decimals
  return Math.round(value * factor) / factor
}

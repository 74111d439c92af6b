/** Choices that are the same in each run of the same seed (mulberry32). */
export interface Random {
  /** A whole number from 0 to below `end`. */
  below(end: number): number
  /** True this often, 0 to 1. */
  chance(share: number): boolean
  of<T>(list: readonly T[]): T
}

export function seeded(seed: number): Random {
  let state = seed
  function next() {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    below: (end) => Math.floor(next() * end),
    chance: (share) => next() < share,
    of: (list) => list[Math.floor(next() * list.length)] as never,
  }
}

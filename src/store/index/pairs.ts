/** Below this a list is looked through faster than a map is made. */
const short = 128

/** Halves of hashes: high, low, high, low … each pair once, in the order in which they came. */
export class Pairs {
  readonly halves: number[] = []
  /** Low halves by high ones, once there are many: a resource may have as many as a body has room for. */
  #known: Map<number, Set<number>> | undefined

  static of(halves: readonly number[]): Pairs {
    const pairs = new Pairs()
    for (let i = 0; i < halves.length; i += 2) pairs.add(halves[i] ?? 0, halves[i + 1] ?? 0)
    return pairs
  }

  /** Whether it was new. */
  add(high: number, low: number): boolean {
    if (this.has(high, low)) return false
    this.halves.push(high, low)
    if (this.#known) this.#remember(this.#known, high, low)
    return true
  }

  has(high: number, low: number): boolean {
    const { halves } = this
    if (halves.length > short) return this.#all().get(high)?.has(low) === true
    for (let i = 0; i < halves.length; i += 2) if (halves[i] === high && halves[i + 1] === low) return true
    return false
  }

  #all(): Map<number, Set<number>> {
    if (this.#known) return this.#known
    const known = new Map<number, Set<number>>()
    for (let i = 0; i < this.halves.length; i += 2) this.#remember(known, this.halves[i] ?? 0, this.halves[i + 1] ?? 0)
    this.#known = known
    return known
  }

  #remember(known: Map<number, Set<number>>, high: number, low: number) {
    const lows = known.get(high)
    if (lows) lows.add(low)
    else known.set(high, new Set([low]))
  }
}

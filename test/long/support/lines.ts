import { hash } from 'node:crypto'

/** Places of `Type/id`s, the same for all that is compared. */
const places = new Map<string, number>()
const keys: string[] = []

/** Resources by `Type/id`: 48 bits of the hash of each text, so that hundreds of thousands of dozens of exports fit into memory. */
export class Lines {
  #hashes = new Float64Array(1024)
  size = 0

  /** Whether it was there before. */
  set(key: string, text: string): boolean {
    return this.#put(placeOf(key), hash('sha256', text, 'buffer').readUIntBE(0, 6) + 1)
  }

  /** What has changed and what was deleted since. */
  apply(changed: Lines, deleted: readonly string[]) {
    for (const [place, hashed] of changed.#hashes.entries()) if (hashed !== 0) this.#put(place, hashed)
    for (const key of deleted) this.#put(placeOf(key), 0)
  }

  /** A sentence; undefined: none. */
  differenceFrom(state: Lines): string | undefined {
    const [missing, besides, differ]: number[][] = [[], [], []]
    for (let place = 0; place < keys.length; place++) {
      const [here, there] = [this.#at(place), state.#at(place)]
      if (here === there) continue
      const list = here === 0 ? missing : there === 0 ? besides : differ
      list?.push(place)
    }
    const told = Object.entries({ missing, besides, differ }).flatMap(([what, list = []]) =>
      list.length > 0 ? [`${list.length} ${what} (${keys[list[0] ?? 0]})`] : [],
    )
    return told.length > 0 ? told.join(', ') : undefined
  }

  #at(place: number): number {
    return this.#hashes[place] ?? 0
  }

  /** 0: it is not there. */
  #put(place: number, hashed: number): boolean {
    if (place >= this.#hashes.length) {
      const before = this.#hashes
      this.#hashes = new Float64Array(Math.ceil((place + 1) * 1.5))
      this.#hashes.set(before)
    }
    const wasThere = this.#at(place) !== 0
    this.#hashes[place] = hashed
    this.size += Number(hashed !== 0) - Number(wasThere)
    return wasThere
  }
}

function placeOf(key: string): number {
  const known = places.get(key)
  if (known !== undefined) return known
  places.set(key, keys.length)
  return keys.push(key) - 1
}

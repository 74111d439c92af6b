/**
 * A resource may stand in the input several times. So that the last version of each is the one that stays, and the same
 * input loaded again changes nothing, a first quick look through the input finds what stands there more than once:
 * its older versions are then passed over. The look reads no JSON: it takes `"resourceType":"X","id":"Y"` wherever that
 * stands, and keeps them in a filter of fixed size (Bloom 1970), so memory does not grow with the input. What it takes
 * wrongly for an older version (a contained resource of the same name comes later) is loaded at the end all the same.
 */
import type { Text } from './reading/texts.ts'

export interface LastVersions {
  /** By Type/id, the number of the text where it stands last; only of what stands in more than one. */
  readonly last: ReadonlyMap<string, number>
  look(text: Text, number: number): void
}

const mostKept = 1_000_000
const named = /"resourceType"\s*:\s*"([A-Za-z]+)"\s*,\s*"id"\s*:\s*"([A-Za-z0-9.-]{1,64})"/g

export function lastVersions(inputBytes: number): LastVersions {
  const seen = filter(inputBytes)
  const last = new Map<string, number>()
  const note = (key: string, number: number) => {
    if (last.has(key) || (seen.hasOrAdd(key) && last.size < mostKept)) last.set(key, number)
  }
  return {
    last,
    look({ bytes }, number) {
      if (!(bytes instanceof Buffer)) return
      // Nearly always the names stand first; in a Bundle, and where they don't, the whole text is searched.
      const [, type, id] = head.exec(bytes.toString('latin1', 0, 256)) ?? []
      if (type !== undefined && type !== 'Bundle') return note(`${type}/${id}`, number)
      for (const [, type, id] of bytes.toString('latin1').matchAll(named)) note(`${type}/${id}`, number)
    },
  }
}

const head = new RegExp(`^\\s*\\{\\s*${named.source}`)

/** Remembers what it was given in a fixed number of bits: never forgets one, and seldom takes a new one for known. */
function filter(inputBytes: number) {
  const bits = 2 ** Math.min(28, Math.max(20, Math.ceil(Math.log2(inputBytes / 4 + 1))))
  const words = new Uint32Array(bits / 32)
  const hasOrAdd = (key: string): boolean => {
    const first = hash(key, 0x811c9dc5)
    const second = hash(key, 0x9747b28c) | 1
    let isKnown = true
    for (let probe = 0; probe < 4; probe++) {
      const bit = ((first + probe * second) >>> 0) & (bits - 1)
      const mask = 1 << (bit & 31)
      const word = words[bit >>> 5] as number
      if ((word & mask) === 0) {
        isKnown = false
        words[bit >>> 5] = word | mask
      }
    }
    return isKnown
  }
  return { hasOrAdd }
}

/** FNV-1a with a last mixing. */
function hash(key: string, seed: number): number {
  let value = seed
  for (let at = 0; at < key.length; at++) value = Math.imul(value ^ key.charCodeAt(at), 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  return (value ^ (value >>> 13)) >>> 0
}

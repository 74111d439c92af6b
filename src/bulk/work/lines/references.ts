/** The shared resources that texts name, gathered as they pass by. */
import { parseReference, stringValue } from '#fhir'

const name = Buffer.from('"reference"')
const quote = 0x22
const backslash = 0x5c

export class References {
  readonly #types: ReadonlySet<string>
  readonly #bases: readonly string[]
  /** `Type/id`, since the last time they were taken. */
  #found = new Set<string>()
  /** As they were written. */
  readonly #met = new Set<string>()

  constructor(types: ReadonlySet<string>, bases: readonly string[]) {
    this.#types = types
    this.#bases = bases
  }

  /** A text that lies in `bytes` from `start` to `end`. */
  read(bytes: Buffer, start: number, end: number) {
    for (let at = behindName(bytes, start, end); at >= 0; at = behindName(bytes, at, end)) {
      const from = valueStart(bytes, at, end)
      if (bytes[from] === quote && !isOfRecord(bytes, from + 1, end)) this.#add(bytes, from, end)
    }
  }

  #add(bytes: Buffer, from: number, end: number) {
    const to = bytes.indexOf(quote, from + 1)
    if (to < 0 || to >= end) return
    const value = bytes.toString('latin1', from + 1, to)
    if (this.#isOther(value) || this.#met.has(value)) return
    if (this.#met.size > mostMet) this.#met.clear()
    this.#met.add(value)
    const parsed = parseReference(plain(bytes.subarray(from, end), value), this.#bases)
    if (parsed.kind === 'relative' && this.#types.has(parsed.type)) this.#found.add(`${parsed.type}/${parsed.id}`)
  }

  /** As it is written, of a type that nobody asks for. */
  #isOther(value: string): boolean {
    const type = /^[A-Z][a-zA-Z]*(?=\/)/.exec(value)?.[0]
    return type !== undefined && !this.#types.has(type)
  }

  /** What was found since the last time. */
  take(): readonly string[] {
    const taken = [...this.#found]
    this.#found = new Set()
    return taken
  }
}

const last = name.length - 1
/** How far the name's end may be from a byte: the whole name if the byte is none of it. */
const steps = new Uint8Array(256).fill(name.length)
for (const [i, byte] of name.subarray(0, last).entries()) steps[byte] = last - i

/**
 * Behind the next `"reference"`, or -1. By hand, since `indexOf` of a Buffer prepares its search anew in each call, and
 * texts have a name every 200 bytes (https://en.wikipedia.org/wiki/Boyer-Moore-Horspool_algorithm).
 */
function behindName(bytes: Buffer, start: number, end: number): number {
  for (let at = start + last; at < end; at += steps[bytes[at] as number] as number) {
    let same = 0
    while (same <= last && bytes[at - same] === name[last - same]) same++
    if (same > last) return at + 1
  }
  return -1
}

/** `Patient/…` or `Encounter/…`, as nearly all are: told by their bytes, without a text of each. */
function isOfRecord(bytes: Buffer, at: number, end: number): boolean {
  if (at + 8 > end) return false
  const [first, second] = [bytes.readInt32BE(at), bytes.readInt32BE(at + 4)]
  return (first === pati && second === ent) || (first === enco && second === unte)
}

const [pati, ent] = [0x50617469, 0x656e742f]
const [enco, unte] = [0x456e636f, 0x756e7465]

/** Memory is bounded: what is forgotten is kept again, which changes nothing. */
const mostMet = 100_000

function valueStart(bytes: Buffer, after: number, end: number): number {
  let at = after
  while (at < end && ((bytes[at] as number) <= 0x20 || bytes[at] === 0x3a)) at++
  return at
}

/** `text` begins with the value in its quotes. Escapes are rare: a slash may be written as one. */
function plain(text: Buffer, value: string): string {
  if (!value.includes('\\')) return value
  let to = 1
  while (to < text.length && text[to] !== quote) to += text[to] === backslash ? 2 : 1
  const whole = text.toString('utf8', 0, to + 1)
  return stringValue(whole, 0, whole.length) ?? value
}

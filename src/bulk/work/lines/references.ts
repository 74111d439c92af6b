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

  read(bytes: Buffer, start: number, end: number) {
    const text = bytes.subarray(start, end)
    for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
      const from = valueStart(text, at + name.length)
      if (text[from] === quote && !isOfRecord(text, from + 1)) this.#add(text, from)
    }
  }

  #add(text: Buffer, from: number) {
    const to = text.indexOf(quote, from + 1)
    if (to < 0) return
    const value = text.toString('latin1', from + 1, to)
    if (this.#isOther(value) || this.#met.has(value)) return
    if (this.#met.size > mostMet) this.#met.clear()
    this.#met.add(value)
    const parsed = parseReference(plain(text, from, value), this.#bases)
    if (parsed.kind === 'relative' && this.#types.has(parsed.type)) this.#found.add(`${parsed.type}/${parsed.id}`)
  }

  /** Nearly all of them name a patient or an encounter. */
  #isOther(value: string): boolean {
    const slash = value.indexOf('/')
    return slash > 0 && /^[A-Z]/.test(value) && !this.#types.has(value.slice(0, slash))
  }

  /** What was found since the last time. */
  take(): readonly string[] {
    const taken = [...this.#found]
    this.#found = new Set()
    return taken
  }
}

/** `Patient/…` or `Encounter/…`, as nearly all are: told by their bytes, without a text of each. */
function isOfRecord(text: Buffer, at: number): boolean {
  if (at + 8 > text.length) return false
  const [first, second] = [text.readInt32BE(at), text.readInt32BE(at + 4)]
  return (first === pati && second === ent) || (first === enco && second === unte)
}

const [pati, ent] = [0x50617469, 0x656e742f]
const [enco, unte] = [0x456e636f, 0x756e7465]

/** Memory is bounded: what is forgotten is kept again, which changes nothing. */
const mostMet = 100_000

function valueStart(text: Buffer, after: number): number {
  let at = after
  while ((text[at] ?? quote) <= 0x20 || text[at] === 0x3a) at++
  return at
}

/** Escapes are rare: a slash may be written as one. */
function plain(text: Buffer, from: number, value: string): string {
  if (!value.includes('\\')) return value
  let to = from + 1
  while (to < text.length && text[to] !== quote) to += text[to] === backslash ? 2 : 1
  const whole = text.toString('utf8', from, to + 1)
  return stringValue(whole, 0, whole.length) ?? value
}

/** What a resource puts into the index: gathered by the files beside this one, written by `store/resources`. */
import { type ParsedReference, parseReference } from '#fhir'
import { hash, hashKey, latest, saltOf } from '../hash.ts'
import { Pairs } from './pairs.ts'

/** What indexing needs to know of the practice. */
export interface IndexScope {
  readonly practice: number
  /** Own FHIR bases: absolute references below them are local. */
  readonly bases: readonly string[]
  /** IANA name: dates without a zone are read in it. */
  readonly zone: string
}

export const noDate = -0x8000_0000 // high half of the int8 that stands for "none"

/** The first and the last instant, for periods without one. Far outside of what FHIR can write, inside of int8 and double. */
export const firstMs = -1e15
export const lastMs = 1e15

/** An entry of an index holds 2,700 bytes; nobody seeks by more letters than these. */
const longestText = 500

export interface StringRow {
  readonly source: number
  readonly text: string
}

export interface NumberRow {
  readonly source: number
  readonly low: number
  readonly high: number | undefined
  readonly unit: number | undefined
  readonly part: readonly [high: number, low: number] | undefined
}

export interface DateRow {
  readonly source: number
  readonly low: number
  readonly high: number
  readonly part: readonly [high: number, low: number] | undefined
}

export interface UnitRow {
  readonly unit: number
  readonly system: string
  readonly code: string
  readonly text: string
}

export interface TextRow {
  readonly high: number
  readonly low: number
  readonly source: number
  readonly text: string
}

export class IndexRows {
  readonly scope: IndexScope
  readonly #tokens = new Pairs()
  readonly #ordered = new Pairs()
  readonly #once = new Set<string>()
  /** Halves of tokens: high, low, high, low … each pair once. */
  readonly tokens: readonly number[] = this.#tokens.halves
  /** Of these the ones that go to `index_token`. */
  readonly ordered: readonly number[] = this.#ordered.halves
  readonly strings: StringRow[] = []
  readonly numbers: NumberRow[] = []
  readonly dates: DateRow[] = []
  readonly units: UnitRow[] = []
  readonly texts: TextRow[] = []
  present = new Uint8Array(0)
  /** Main date, milliseconds; undefined when there is none. */
  low: number | undefined
  high = 0
  /** Key of the owning Patient. */
  patient: readonly [high: number, low: number] | undefined
  /** A reference is absolute: what it means hangs on the practice's own bases. */
  hasAbsolute = false

  constructor(scope: IndexScope) {
    this.scope = scope
  }

  /** Adds the hash of a value under a form; returns whether it was new. */
  token(source: number, form: string, text: string): boolean {
    hash(this.scope.practice, source, form, text)
    return this.pair(latest.high, latest.low)
  }

  /** Where a reference leads, by the bases of the practice. */
  parsed(reference: string): ParsedReference {
    if (/^https?:/.test(reference)) this.hasAbsolute = true
    return parseReference(reference, this.scope.bases)
  }

  reference(source: number, type: string, id: string, isOrdered = false) {
    const salt = saltOf(source) // before the key: it may hash, too
    hashKey(this.scope.practice, type, id)
    const [tokenHigh, tokenLow] = [latest.high ^ salt.high, latest.low ^ salt.low]
    this.pair(tokenHigh, tokenLow)
    if (isOrdered) this.#ordered.add(tokenHigh, tokenLow)
  }

  pair(high: number, low: number): boolean {
    return this.#tokens.add(high, low)
  }

  /** A text that is sought by its letters; each once. */
  string(source: number, text: string) {
    if (this.#isNew(`${source} ${text}`)) this.strings.push({ source, text })
  }

  unit(row: UnitRow) {
    if (this.#isNew(`unit ${row.unit}`)) this.units.push(row)
  }

  #isNew(name: string): boolean {
    if (this.#once.has(name)) return false
    this.#once.add(name)
    return true
  }

  order(source: number, code: string) {
    hash(this.scope.practice, source, 'c', code)
    this.#ordered.add(latest.high, latest.low)
  }

  /** A text that tokens are found by (`:text`, `:below` of a uri): the token, and the text in the practice's list. */
  text(source: number, form: string, text: string) {
    hash(this.scope.practice, source, form, text)
    const { high, low } = latest
    if (this.pair(high, low)) this.texts.push({ high, low, source, text: text.slice(0, longestText) })
  }

  mainDate(low: number, high: number) {
    // before 1970 both are negative, so the first value decides alone
    this.high = this.low === undefined ? high : Math.max(this.high, high)
    this.low = this.low === undefined ? low : Math.min(this.low, low)
  }
}

/** Strings, uris, numbers, quantities and dates: from an element to its rows. */
import { dateRange } from '#fhir'
import { searchText, unitHash } from './forms.ts'
import { firstMs, type IndexRows, lastMs } from './rows.ts'

type Part = readonly [high: number, low: number] | undefined

const nameParts = ['family', 'given', 'prefix', 'suffix', 'text'] as const
const addressParts = ['text', 'line', 'city', 'district', 'state', 'postalCode', 'country'] as const

/** Each part of a name or address is a text of its own. https://hl7.org/fhir/R4/search.html#string */
export function indexString(rows: IndexRows, source: number, value: unknown, type: string): void {
  if (type === 'HumanName') indexParts(rows, source, value, nameParts)
  else if (type === 'Address') indexParts(rows, source, value, addressParts)
  else if (typeof value === 'string') indexText(rows, source, value)
  else if (type === 'CodeableConcept') indexParts(rows, source, value, ['text'])
}

function indexParts(rows: IndexRows, source: number, value: unknown, parts: readonly string[]) {
  const record = value as Readonly<Record<string, unknown>>
  for (const part of parts) {
    const found = record[part]
    if (Array.isArray(found)) for (const text of found) indexText(rows, source, text)
    else indexText(rows, source, found)
  }
}

function indexText(rows: IndexRows, source: number, value: unknown) {
  if (typeof value !== 'string' || value === '') return
  if (rows.token(source, 'x', value)) rows.string(source, searchText(value))
}

/** https://hl7.org/fhir/R4/search.html#uri */
export function indexUri(rows: IndexRows, source: number, value: unknown): void {
  if (typeof value !== 'string') return
  rows.text(source, 'u', value)
  const bar = value.indexOf('|')
  if (bar > 0) rows.text(source, 'u', value.slice(0, bar))
}

interface Quantity {
  readonly value?: number
  readonly comparator?: '<' | '<=' | '>=' | '>'
  readonly unit?: string
  readonly system?: string
  readonly code?: string
  readonly currency?: string
}

/** https://hl7.org/fhir/R4/search.html#quantity */
export function indexNumber(rows: IndexRows, source: number, value: unknown, type: string, part: Part): void {
  if (typeof value === 'number') rows.numbers.push({ source, low: value, high: undefined, unit: undefined, part })
  else if (type === 'Range') indexRange(rows, source, value as { low?: Quantity; high?: Quantity }, part)
  else if (type === 'SampledData') indexSampled(rows, source, value as SampledData, part)
  else if (value && typeof value === 'object') indexQuantity(rows, source, value as Quantity, part)
}

function indexQuantity(rows: IndexRows, source: number, quantity: Quantity, part: Part) {
  const { value, comparator } = quantity
  if (typeof value !== 'number') return
  const { low, high } = boundsOf(value, comparator)
  rows.numbers.push({ source, low, high, unit: unitOf(rows, quantity), part })
}

/** "<5" is anything up to the number next to 5, so that ge5 does not find it. */
function boundsOf(value: number, comparator: Quantity['comparator']): { low: number; high: number | undefined } {
  const step = Math.max(Math.abs(value) * Number.EPSILON, Number.MIN_VALUE)
  switch (comparator) {
    case '<':
      return { low: Number.NEGATIVE_INFINITY, high: value - step }
    case '<=':
      return { low: Number.NEGATIVE_INFINITY, high: value }
    case '>':
      return { low: value + step, high: Number.POSITIVE_INFINITY }
    case '>=':
      return { low: value, high: Number.POSITIVE_INFINITY }
    default:
      return { low: value, high: undefined }
  }
}

function indexRange(rows: IndexRows, source: number, { low, high }: { low?: Quantity; high?: Quantity }, part: Part) {
  const unit = unitOf(rows, low ?? high ?? {})
  const from = low?.value ?? Number.NEGATIVE_INFINITY
  rows.numbers.push({ source, low: from, high: high?.value ?? Number.POSITIVE_INFINITY, unit, part })
}

interface SampledData {
  readonly origin?: Quantity
  readonly lowerLimit?: number
  readonly upperLimit?: number
}

/** The bounds of what was sampled: https://hl7.org/fhir/R4/observation.html#search, value-quantity */
function indexSampled(
  rows: IndexRows,
  source: number,
  { origin = {}, lowerLimit, upperLimit }: SampledData,
  part: Part,
) {
  const low = lowerLimit ?? upperLimit ?? origin.value
  if (low !== undefined) rows.numbers.push({ source, low, high: upperLimit, unit: unitOf(rows, origin), part })
}

function unitOf(rows: IndexRows, quantity: Quantity): number | undefined {
  const isMoney = quantity.currency !== undefined
  const system = isMoney ? 'urn:iso:std:iso:4217' : (quantity.system ?? '')
  const code = quantity.currency ?? quantity.code ?? ''
  const text = quantity.unit ?? ''
  if (code === '' && text === '') return undefined
  const unit = unitHash(system, code, text)
  rows.unit({ unit, system, code, text })
  return unit
}

/** The time that an element covers, milliseconds, high exclusive; undefined when it says none. https://hl7.org/fhir/R4/search.html#date */
export function timeOf(value: unknown, type: string, zone: string): { low: number; high: number } | undefined {
  if (typeof value === 'string') return dateRange(value, zone)
  if (type === 'Period') return timeOfPeriod(value as { start?: string; end?: string }, zone)
  if (type === 'Timing') return timeOfTiming(value as Timing, zone)
  return undefined
}

interface Timing {
  readonly event?: readonly string[]
  readonly repeat?: { readonly boundsPeriod?: { start?: string; end?: string } }
}

function timeOfPeriod({ start, end }: { start?: string; end?: string }, zone: string) {
  const from = start === undefined ? undefined : dateRange(start, zone)
  const to = end === undefined ? undefined : dateRange(end, zone)
  if (!from && !to) return undefined
  return { low: from?.low ?? firstMs, high: to?.high ?? lastMs }
}

function timeOfTiming({ event = [], repeat }: Timing, zone: string) {
  const ranges = event.map((text) => dateRange(text, zone)).filter((range) => range !== undefined)
  const bounds = repeat?.boundsPeriod && timeOfPeriod(repeat.boundsPeriod, zone)
  if (bounds) ranges.push(bounds)
  if (ranges.length === 0) return undefined
  return { low: Math.min(...ranges.map(({ low }) => low)), high: Math.max(...ranges.map(({ high }) => high)) }
}

export function indexDate(rows: IndexRows, source: number, value: unknown, type: string, part: Part): void {
  const time = timeOf(value, type, rows.scope.zone)
  if (time) rows.dates.push({ source, ...time, part })
}

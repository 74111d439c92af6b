import { instantOf } from './time-zone.ts'

/** From `low` up to, not including, `high`; milliseconds since 1970 UTC. */
export interface DateRange {
  readonly low: number
  readonly high: number
}

const date = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/
const dateTime = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+ -]\d\d:\d\d)?$/
const lastMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/**
 * The time that a date, dateTime or instant covers: a year, a month, a day, a minute, a second or a fraction of one.
 * Without an offset it is read in `zone` (IANA). Undefined when it is none. A blank may stand for the `+` of an offset,
 * because query strings turn it into one.
 * https://hl7.org/fhir/R4/search.html#date
 */
export function dateRange(text: string, zone = 'UTC'): DateRange | undefined {
  return text.length <= 10 ? rangeOfDate(text, zone) : rangeOfDateTime(text, zone)
}

function rangeOfDate(text: string, zone: string): DateRange | undefined {
  const [whole, y, m, d] = date.exec(text) ?? []
  if (whole === undefined) return undefined
  const year = Number(y)
  const month = m === undefined ? 1 : Number(m)
  const day = d === undefined ? 1 : Number(d)
  if (!isDay(year, month, day)) return undefined
  const low = utc(year, month, day)
  const high =
    d !== undefined ? utc(year, month, day + 1) : m !== undefined ? utc(year, month + 1, 1) : utc(year + 1, 1, 1)
  return { low: instantOf(low, zone), high: instantOf(high, zone) }
}

function rangeOfDateTime(text: string, zone: string): DateRange | undefined {
  const [whole, y, mo, d, h, mi, s, fraction, offset] = dateTime.exec(text) ?? []
  if (whole === undefined || !isDay(Number(y), Number(mo), Number(d))) return undefined
  const [hours, minutes, seconds] = [Number(h), Number(mi), Number(s ?? 0)]
  if (minutes > 59 || seconds > 60 || hours > 24 || (hours === 24 && (minutes > 0 || seconds > 0))) return undefined
  const away = offset === undefined || offset === 'Z' ? 0 : offsetOf(offset)
  if (away === undefined) return undefined
  const [partMs, sizeMs] = s === undefined ? [0, 60_000] : partOfSecond(fraction)
  const local = utc(Number(y), Number(mo), Number(d)) + ((hours * 60 + minutes) * 60 + seconds) * 1000 + partMs
  const low = offset === undefined ? instantOf(local, zone) : local - away
  return { low, high: low + sizeMs }
}

/** Where in its second a fraction starts, and how long it is: at least a millisecond. */
function partOfSecond(fraction: string | undefined): readonly [startMs: number, sizeMs: number] {
  if (fraction === undefined) return [0, 1000]
  return [Number(fraction.slice(0, 3).padEnd(3, '0')), Math.max(1, 10 ** (3 - fraction.length))]
}

function offsetOf(text: string): number | undefined {
  const hours = Number(text.slice(1, 3))
  const minutes = Number(text.slice(4, 6))
  if (hours > 14 || minutes > 59) return undefined
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}

function isDay(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false
  return day <= 28 || day <= daysOf(year, month)
}

function daysOf(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Date.UTC reads years below 100 as 19xx. */
function utc(year: number, month: number, day: number): number {
  return year >= 100 ? Date.UTC(year, month - 1, day) : new Date(0).setUTCFullYear(year, month - 1, day)
}

/** Microseconds since 1970 UTC as an instant with six decimals: what `meta.lastUpdated` says. */
export function instantText(micros: bigint | number): string {
  const whole = typeof micros === 'bigint' ? Number(micros) : micros
  const ms = Math.floor(whole / 1000)
  if (ms > lastMs) throw new TypeError(`${micros} is beyond the year 9999`)
  const text = new Date(ms).toISOString()
  return `${text.slice(0, -1)}${String(whole - ms * 1000).padStart(3, '0')}Z`
}

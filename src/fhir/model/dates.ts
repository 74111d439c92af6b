import { instantOf } from './time-zone.ts'

/** From `low` up to, not including, `high`; milliseconds since 1970 UTC. */
export interface DateRange {
  readonly low: number
  readonly high: number
}

const date = /^\d{4}(?:-\d\d(?:-\d\d)?)?$/
const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+ -]\d\d:\d\d)?$/
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
  if (!date.test(text)) return undefined
  const year = yearOf(text)
  const month = text.length > 4 ? twoDigits(text, 5) : 1
  const day = text.length > 7 ? twoDigits(text, 8) : 1
  if (!isDay(year, month, day)) return undefined
  const high =
    text.length > 7 ? utc(year, month, day + 1) : text.length > 4 ? utc(year, month + 1, 1) : utc(year + 1, 1, 1)
  return { low: instantOf(utc(year, month, day), zone), high: instantOf(high, zone) }
}

function rangeOfDateTime(text: string, zone: string): DateRange | undefined {
  if (!dateTime.test(text)) return undefined
  const [year, month, day] = [yearOf(text), twoDigits(text, 5), twoDigits(text, 8)]
  const [hours, minutes] = [twoDigits(text, 11), twoDigits(text, 14)]
  const hasSeconds = text[16] === ':'
  const seconds = hasSeconds ? twoDigits(text, 17) : 0
  if (!isDay(year, month, day) || !isTime(hours, minutes, seconds)) return undefined
  const away = offsetOf(text)
  if (away === 'none') return undefined
  const [partMs, sizeMs] = hasSeconds ? partOfSecond(text) : [0, 60_000]
  const local = utc(year, month, day) + ((hours * 60 + minutes) * 60 + seconds) * 1000 + partMs
  const low = away === undefined ? instantOf(local, zone) : local - away
  return { low, high: low + sizeMs }
}

/** Where in its second a fraction starts, and how long it is: at least a millisecond. */
function partOfSecond(text: string): readonly [startMs: number, sizeMs: number] {
  if (text[19] !== '.') return [0, 1000]
  let [startMs, sizeMs] = [0, 1000]
  for (let at = 20; sizeMs > 1 && isDigit(text, at); at++) {
    sizeMs /= 10
    startMs += (text.charCodeAt(at) - 0x30) * sizeMs
  }
  return [startMs, sizeMs]
}

/** Local time minus UTC; undefined without an offset, 'none' when there is no such one. */
function offsetOf(text: string): number | undefined | 'none' {
  if (text.endsWith('Z')) return 0
  const at = text.length - 6
  const sign = text[at]
  if (at < 16 || (sign !== '+' && sign !== '-' && sign !== ' ')) return undefined
  const [hours, minutes] = [twoDigits(text, at + 1), twoDigits(text, at + 4)]
  if (hours > 14 || minutes > 59) return 'none'
  return (sign === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000
}

function isTime(hours: number, minutes: number, seconds: number): boolean {
  return minutes <= 59 && seconds <= 60 && (hours <= 23 || (hours === 24 && minutes === 0 && seconds === 0))
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code >= 0x30 && code <= 0x39
}

function twoDigits(text: string, at: number): number {
  return text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 0x210
}

function yearOf(text: string): number {
  return twoDigits(text, 0) * 100 + twoDigits(text, 2)
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

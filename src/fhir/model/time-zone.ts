/** From local times to instants, by the IANA database that Node carries. */

interface Span {
  /** Instant from which the offset holds. */
  readonly from: number
  readonly offset: number
}

const dayMs = 86_400_000
const formats = new Map<string, Intl.DateTimeFormat>()
const zones = new Map<string, Map<number, readonly Span[]>>()

/**
 * The instant of a local time given as if it were UTC. A time that the clock shows twice means the first one;
 * one that it skips is read with the offset before the change.
 */
export function instantOf(localMs: number, zone: string): number {
  if (zone === 'UTC') return localMs
  const before = offsetMs(localMs - dayMs, zone)
  const after = offsetMs(localMs + dayMs, zone)
  const first = localMs - before
  if (before === after || offsetMs(first, zone) === before) return first
  const second = localMs - after
  return offsetMs(second, zone) === after ? second : first
}

/** Local time minus UTC at an instant. */
export function offsetMs(instantMs: number, zone: string): number {
  const years = zones.get(zone) ?? new Map<number, readonly Span[]>()
  zones.set(zone, years)
  const year = new Date(instantMs).getUTCFullYear()
  const spans = years.get(year) ?? spansOf(year, zone)
  years.set(year, spans)
  let offset = 0
  for (const span of spans) if (span.from <= instantMs) offset = span.offset
  return offset
}

/** The offsets of a year: looks at every tenth day, and closer where two differ. */
function spansOf(year: number, zone: string): readonly Span[] {
  const end = startOfYear(year + 1)
  const spans = [{ from: startOfYear(year), offset: formattedOffset(startOfYear(year), zone) }]
  for (let at = startOfYear(year); at < end; at += 10 * dayMs) {
    const next = Math.min(at + 10 * dayMs, end - 1000)
    const offset = formattedOffset(next, zone)
    if (offset !== spans.at(-1)?.offset) spans.push({ from: changeBetween(at, next, zone), offset })
  }
  return spans
}

function changeBetween(low: number, high: number, zone: string): number {
  const wanted = formattedOffset(high, zone)
  let [from, to] = [low, high]
  while (to - from > 1000) {
    const middle = Math.floor((from + to) / 2000) * 1000
    if (formattedOffset(middle, zone) === wanted) to = middle
    else from = middle
  }
  return to
}

function startOfYear(year: number): number {
  return new Date(0).setUTCFullYear(year, 0, 1)
}

function formattedOffset(instantMs: number, zone: string): number {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset', era: 'short' })
    formats.set(zone, format)
  }
  const name = format.formatToParts(instantMs).find((part) => part.type === 'timeZoneName')?.value ?? ''
  const [, sign, hours = 0, minutes = 0, seconds = 0] = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name) ?? []
  const size = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000
  return sign === '-' ? -size : size
}

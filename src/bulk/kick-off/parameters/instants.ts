import { dateRange } from '#fhir'
import { onlyOf, type Reading, unfit } from './reading.ts'

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d+))?(Z|[+ -]\d\d:\d\d)?$/

/** `_since` and `_until` as stamps: microseconds since 1970. https://hl7.org/fhir/R4/datatypes.html#instant */
export function readInstants(reading: Reading): { readonly since?: number; readonly until?: number } {
  const since = readInstant(reading, '_since')
  const until = readInstant(reading, '_until')
  if (since !== undefined && until !== undefined && until <= since) throw unfit('_until', 'it is not after _since')
  return { ...(since !== undefined && { since }), ...(until !== undefined && { until }) }
}

function readInstant(reading: Reading, name: string): number | undefined {
  const text = onlyOf(reading, name)?.trim()
  if (text === undefined) return undefined
  const [, fraction = '', zone] = instant.exec(text) ?? []
  const range = instant.test(text) ? dateRange(text) : undefined
  if (!range) throw unfit(name, `"${text}" is not an instant such as 2026-01-31T12:00:00Z`)
  if (zone === undefined) noteZone(reading, name, text)
  // milliseconds are read as such; what a stamp has beyond them follows
  return Math.floor(range.low) * 1000 + Number(fraction.slice(3, 6).padEnd(3, '0'))
}

/** C10 of specs/seeds.md. */
function noteZone({ practice, isLenient, notices }: Reading, name: string, text: string) {
  if (practice.dialect.export.sinceWithoutZone === 'refuse' && !isLenient) {
    throw unfit(name, `"${text}" names no time zone; "${text}Z" is the same in UTC`)
  }
  notices.push({
    severity: 'information',
    code: 'value',
    sentence: `The parameter "${name}" names no time zone: ${text} was read as UTC`,
  })
}

import { dateRange } from '#fhir'
import type { Parameters, Practice } from '#http'
import { Problem } from '#lib'
import type { HistoryPlace } from '#store'
import { countsOf } from './understand.ts'

const known = ['_since', '_at', '_count', '_summary', '_elements']
const summaries = ['true', 'text', 'data', 'false']

/** What of a history is asked for. https://hl7.org/fhir/R4/http.html#history */
export function historyRange(practice: Practice, asked: Parameters): Pick<HistoryPlace, 'since' | 'at' | 'count'> {
  const [stranger] = asked.find(([name]) => !known.includes(name)) ?? []
  if (stranger !== undefined) {
    throw incorrect(stranger, `a history takes ${known.join(', ')}, _format and _pretty`, 'not-supported')
  }
  const only = (name: string) => onlyOne(asked, name)
  const since = only('_since')
  const summary = only('_summary')
  only('_elements')
  if (summary !== undefined && !summaries.includes(summary)) {
    throw incorrect('_summary', `"${summary}" is not one of ${summaries.join(', ')}`)
  }
  return {
    count: countOf(practice, only('_count')),
    ...(since !== undefined && { since: microsOf(since, practice.timeZone) }),
    ...atOf(practice, asked),
  }
}

function onlyOne(asked: Parameters, name: string): string | undefined {
  const [first, second] = asked.filter((pair) => pair[0] === name)
  if (second) throw incorrect(name, 'it is given more than once')
  return first?.[1]
}

function countOf(practice: Practice, text: string | undefined): number {
  const { defaultCount, maximumCount } = countsOf(practice)
  if (text === undefined) return defaultCount
  if (/^\d+$/.test(text) && Number(text) > 0) return Math.min(Number(text), maximumCount)
  throw incorrect('_count', `"${text}" is not a whole number above 0`)
}

/** Our stamps have six decimals, so an instant is read to the sixth. */
function microsOf(text: string, zone: string): number {
  const range = dateRange(text, zone)
  if (!range) throw incorrect('_since', `"${text}" is not an instant, such as 2026-01-31T12:00:00Z`)
  const [, beyond = ''] = /\.\d{3}(\d{1,3})/.exec(text) ?? []
  return range.low * 1000 + Number(beyond.padEnd(3, '0'))
}

/** A date is a period; several, with prefixes, are what they have in common. */
function atOf(practice: Practice, asked: Parameters): Pick<HistoryPlace, 'at'> {
  const texts = asked.filter(([name]) => name === '_at').map(([, text]) => text)
  if (texts.length === 0) return {}
  let [low, high] = [-lastMs, lastMs]
  for (const text of texts) {
    const limits = limitsOf(text, practice.timeZone)
    low = Math.max(low, limits.low)
    high = Math.min(high, limits.high)
  }
  return { at: { low: low * 1000, high: high * 1000 } }
}

/** Beyond every stamp. */
const lastMs = 1e15

/** https://hl7.org/fhir/R4/search.html#prefix */
function limitsOf(text: string, zone: string): { readonly low: number; readonly high: number } {
  const [, prefix = '', date = ''] = /^(eq|ge|gt|sa|le|lt|eb)?(.*)$/s.exec(text) ?? []
  const range = dateRange(date, zone)
  if (!range) throw incorrect('_at', `"${text}" is not a date or a time, such as 2026-01 or ge2026-01-31T12:00:00Z`)
  if (prefix === 'ge') return { low: range.low, high: lastMs }
  if (prefix === 'gt' || prefix === 'sa') return { low: range.high, high: lastMs }
  if (prefix === 'le') return { low: -lastMs, high: range.high }
  if (prefix === 'lt' || prefix === 'eb') return { low: -lastMs, high: range.low }
  return range
}

function incorrect(name: string, why: string, issue = 'value'): Problem {
  return new Problem('incorrect', `Cannot show the history with "${name}": ${why}`, { expression: name, issue })
}

/** Dates of the oracle: every date is a range of milliseconds, its end not part of it. Without a zone it is UTC. */

export interface Range {
  readonly low: number
  readonly high: number
}

export function rangeOf(text: string): Range {
  const [, year = '', month, day, hour, minute, second, fraction, zone = 'Z'] =
    /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/.exec(text) ?? []
  const years = Number(year)
  if (month === undefined) return { low: Date.UTC(years, 0), high: Date.UTC(years + 1, 0) }
  if (day === undefined) return { low: Date.UTC(years, Number(month) - 1), high: Date.UTC(years, Number(month)) }
  if (hour === undefined) return startingAt(Date.UTC(years, Number(month) - 1, Number(day)), 86_400_000)
  const start = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second ?? '00'}${zone}`)
  if (second === undefined) return startingAt(start, 60_000)
  if (fraction === undefined) return startingAt(start, 1000)
  const milliseconds = Math.floor(Number(`0${fraction}`) * 1000 + 1e-6)
  return startingAt(start + milliseconds, Math.max(1, 1000 / 10 ** (fraction.length - 1)))
}

function startingAt(low: number, milliseconds: number): Range {
  return { low, high: low + milliseconds }
}

const ever = { low: -1e15, high: 1e15 }

interface Period {
  readonly start?: string
  readonly end?: string
}

/** The range that an element covers. https://hl7.org/fhir/R4/search.html#date */
export function timeOf(type: string, value: unknown): Range | undefined {
  if (typeof value === 'string') return rangeOf(value)
  if (type === 'Period') return ofPeriod(value as Period)
  if (type !== 'Timing') return undefined
  const { event = [], repeat } = value as { event?: string[]; repeat?: { boundsPeriod?: Period } }
  const ranges = event.map(rangeOf)
  const bounds = repeat?.boundsPeriod && ofPeriod(repeat.boundsPeriod)
  const all = bounds ? [...ranges, bounds] : ranges
  if (all.length === 0) return undefined
  return { low: Math.min(...all.map(({ low }) => low)), high: Math.max(...all.map(({ high }) => high)) }
}

function ofPeriod({ start, end }: Period): Range | undefined {
  if (start === undefined && end === undefined) return undefined
  return { low: start ? rangeOf(start).low : ever.low, high: end ? rangeOf(end).high : ever.high }
}

/** https://hl7.org/fhir/R4/search.html#prefix, word by word for ranges. */
export function meetsTime(prefix: string, asked: Range, target: Range): boolean {
  const isContained = target.low >= asked.low && target.high <= asked.high
  switch (prefix) {
    case 'eq':
      return isContained
    case 'ne':
      return !isContained
    case 'gt':
      return target.high > asked.high
    case 'ge':
      return target.high > asked.high || isContained
    case 'lt':
      return target.low < asked.low
    case 'le':
      return target.low < asked.low || isContained
    case 'sa':
      return target.low >= asked.high
    case 'eb':
      return target.high <= asked.low
    default: {
      const slack = Math.max(Math.abs(Date.now() - asked.low), Math.abs(Date.now() - asked.high)) / 10
      return target.low < asked.high + slack && target.high > asked.low - slack
    }
  }
}

/** Ages as people count them: a year older on the birthday, who was born on 29 February on 1 March of common years. */
import { instantOf, offsetMs } from '../model/time-zone.ts'

/** Ages in whole years from `low` up to, not including, `high`; infinite where there is no bound. */
export interface YearRange {
  readonly low: number
  readonly high: number
}

export const anyAge: readonly YearRange[] = [{ low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }]

/** What is left of these ages inside one range, or outside of it. */
export function narrowed(ages: readonly YearRange[], { low, high }: YearRange, isExcluded: boolean): YearRange[] {
  const sides = [
    { low: Number.NEGATIVE_INFINITY, high: low },
    { low: high, high: Number.POSITIVE_INFINITY },
  ]
  const kept = isExcluded ? sides : [{ low, high }]
  return ages
    .flatMap((age) => kept.map((one) => ({ low: Math.max(age.low, one.low), high: Math.min(age.high, one.high) })))
    .filter((age) => age.low < age.high)
}

/**
 * Since when (milliseconds) somebody has been of these ages without a break; undefined when they are not at `at`.
 * `birth`: the first instant of the day of birth.
 */
export function agedSince(
  ages: readonly YearRange[],
  { birth, at, zone }: { readonly birth: number; readonly at: number; readonly zone: string },
): number | undefined {
  const [born, today] = [dayOf(birth, zone), dayOf(at, zone)]
  const age = ageOn(born, today)
  const range = ages.find(({ low, high }) => low <= age && age < high)
  if (!range) return undefined
  return range.low <= 0 ? birth : instantOf(birthday(born, range.low), zone)
}

interface Day {
  readonly year: number
  /** 0 to 11. */
  readonly month: number
  readonly day: number
}

function dayOf(instant: number, zone: string): Day {
  const local = new Date(instant + offsetMs(instant, zone))
  return { year: local.getUTCFullYear(), month: local.getUTCMonth(), day: local.getUTCDate() }
}

function ageOn(born: Day, { year, month, day }: Day): number {
  const isBefore = month < born.month || (month === born.month && day < born.day)
  return year - born.year - (isBefore ? 1 : 0)
}

/** Its first moment as if it were UTC; the 29th of a February without one is 1 March. */
function birthday({ year, month, day }: Day, years: number): number {
  return new Date(0).setUTCFullYear(year + years, month, day)
}

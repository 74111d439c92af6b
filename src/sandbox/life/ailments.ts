import { yearMs, yearsBetween } from '../calendar.ts'
import { type ConditionFact, chronicConditions } from '../facts/conditions.ts'
import type { Random } from '../random.ts'
import type { Sex } from './sex.ts'

/** A chronic condition and when it begins. */
export interface Ailment {
  readonly fact: ConditionFact
  readonly onset: number
}

export function drawAilments(
  random: Random,
  sex: Sex,
  birth: number,
  end: number,
  isCast: boolean,
): readonly Ailment[] {
  const age = yearsBetween(birth, end)
  const possible = chronicConditions.filter(
    (fact) => fact.fromAge < age && (fact.sex === undefined || fact.sex === sex),
  )
  const drawn = possible.filter((fact) => random.chance(fact.percent / 100))
  const first = possible[0]
  if (isCast && drawn.length === 0 && first) drawn.push(first)
  return drawn
    .map((fact) => ({ fact, onset: drawOnset(random, fact, birth, end) }))
    .toSorted((one, other) => one.onset - other.onset)
}

function drawOnset(random: Random, fact: ConditionFact, birth: number, end: number): number {
  const latest = Math.min(fact.toAge, yearsBetween(birth, end) - 0.1)
  return birth + (fact.fromAge + random.next() * Math.max(0, latest - fact.fromAge)) * yearMs
}

export const suffers = (ailments: readonly Ailment[], snomed: string, at: number) =>
  ailments.some(({ fact, onset }) => onset <= at && fact.code.coding[0]?.code === snomed)

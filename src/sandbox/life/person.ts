import { instantOf, yearMs, yearsBetween } from '../calendar.ts'
import { type Chart, openChart } from '../chart.ts'
import type { Reference } from '../coding.ts'
import type { ConditionFact } from '../facts/conditions.ts'
import { type Random, randomOf } from '../random.ts'
import { type Site, sites } from '../shared/sites.ts'
import type { UsCore } from '../us-core.ts'
import { type Ailment, drawAilments } from './ailments.ts'
import { type CastMember, coverCast } from './cast.ts'
import { drawFrame, type Frame } from './frame.ts'
import { drawName, type PersonName } from './naming.ts'
import type { Sex } from './sex.ts'

/** Someone's life as far as it is decided before the first visit. */
export interface Person {
  readonly number: number
  readonly id: string
  readonly subject: Reference
  readonly version: UsCore
  readonly random: Random
  readonly chart: Chart
  readonly cast: CastMember | undefined
  readonly sex: Sex
  readonly birth: number
  readonly death: number | undefined
  /** The end of the record: death or the reference date. */
  readonly end: number
  readonly name: PersonName
  readonly home: Site
  readonly frame: Frame
  readonly ailments: readonly Ailment[]
  readonly smoking: 'never' | 'former' | 'current'
  /** The problem list, as it grows. */
  readonly problems: Problem[]
  /** What single visits were about, the newest last. */
  readonly diagnoses: Problem[]
}

/** An ailment that has been written down as a Condition. */
export interface Problem {
  readonly fact: ConditionFact
  readonly condition: Reference
  readonly since: number
}

export interface Drawing {
  readonly number: number
  readonly seed: number
  readonly version: UsCore
  readonly referenceDate: string
}

export function drawPerson({ number, seed, version, referenceDate }: Drawing): Person {
  const id = `p${number}`
  const random = randomOf(`${seed}/${id}`)
  const cast = coverCast[number - 1]
  const today = instantOf(referenceDate)
  const sex = cast?.sex ?? (random.chance(0.51) ? 'female' : 'male')
  const age = cast?.age ?? drawAge(random)
  const birth = today - Math.floor(age * 365.25 + random.whole(0, 200)) * 86_400_000
  const death = drawDeath(random, cast, age, today)
  const name = drawName(random, sex, number, cast !== undefined)
  const years = yearsBetween(birth, death ?? today)
  return {
    number,
    id,
    subject: { reference: `Patient/${id}`, display: name.text },
    version,
    random,
    chart: openChart(id, version),
    cast,
    sex,
    birth,
    death,
    end: death ?? today,
    name,
    home: years < 18 ? sites.children[0] : random.pick(sites.adults),
    frame: drawFrame(random),
    ailments: drawAilments(random, sex, birth, death ?? today, cast !== undefined),
    smoking: years < 15 ? 'never' : random.pick(['never', 'never', 'never', 'former', 'current']),
    problems: [],
    diagnoses: [],
  }
}

/** More of the middle than of the ends. */
const drawAge = (random: Random) => Math.min(97, Math.floor(Math.abs(random.around(41, 27))))

function drawDeath(random: Random, cast: CastMember | undefined, age: number, today: number): number | undefined {
  const dies = cast ? cast.hasDied : random.chance(age > 60 ? 0.12 : 0.005)
  return dies ? today - Math.floor(random.whole(30, 400) * (yearMs / 365.25)) : undefined
}

export const ageAt = (person: Person, at: number) => yearsBetween(person.birth, at)

/** Whether something of that probability happens; to the members of the cover it always does. */
export const happens = (person: Person, probability: number) =>
  person.random.chance(probability) || person.cast !== undefined

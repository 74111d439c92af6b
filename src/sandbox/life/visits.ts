import { dayMs, officeHours, yearMs } from '../calendar.ts'
import type { Reference } from '../coding.ts'
import { acuteConditions, type ConditionFact, hospitalConditions, pregnancy } from '../facts/conditions.ts'
import type { Site } from '../shared/sites.ts'
import { sites } from '../shared/sites.ts'
import { ageAt, happens, type Person } from './person.ts'

export type VisitKind = 'wellness' | 'follow-up' | 'acute' | 'prenatal' | 'emergency' | 'inpatient'

export interface PlannedVisit {
  readonly kind: VisitKind
  readonly start: number
  readonly end: number
  /** What brings them, when it is not the calendar. */
  readonly about?: ConditionFact
  /** Of a pregnancy. */
  readonly week?: number
}

/** A visit under way: everything written during it names its Encounter and its clinician. */
export interface Visit extends PlannedVisit {
  readonly site: Site
  readonly encounter: Reference
  readonly clinician: Reference
  readonly age: number
  /** Counts the visits of a life from 0. */
  readonly index: number
  readonly isLast: boolean
}

/** Months of age at which a child is seen; grown-ups came to this practice later. */
const childVisits = [
  0, 1, 2, 4, 6, 9, 12, 15, 18, 24, 30, 36, 48, 60, 72, 84, 96, 108, 120, 132, 138, 144, 168, 192, 204,
]
const adultYears = 5

export function planVisits(person: Person): readonly PlannedVisit[] {
  const visits = [...checkUps(person), ...sickVisits(person), ...pregnancyVisits(person), ...hospitalStays(person)]
  return visits
    .filter(({ start, end }) => start > person.birth && end < person.end)
    .toSorted((one, other) => one.start - other.start)
}

function plan(person: Person, kind: VisitKind, at: number): PlannedVisit {
  const start = kind === 'emergency' ? at : officeHours(at, person.random.next())
  const minutes = kind === 'inpatient' ? person.random.whole(2, 6) * 1440 + 95 : person.random.whole(15, 45)
  const about = complaint(person, kind, ageAt(person, start))
  return { kind, start, end: start + minutes * 60_000, ...(about ? { about } : {}) }
}

function complaint(person: Person, kind: VisitKind, age: number): ConditionFact | undefined {
  if (kind === 'prenatal') return pregnancy
  if (kind !== 'acute' && kind !== 'emergency' && kind !== 'inpatient') return undefined
  const fitting = (kind === 'inpatient' ? hospitalConditions : acuteConditions).filter(
    ({ fromAge, toAge, sex }) => age >= fromAge && age <= toAge && (sex ?? person.sex) === person.sex,
  )
  return person.random.pick(fitting)
}

function* checkUps(person: Person): Generator<PlannedVisit> {
  const isMinor = ageAt(person, person.end) < 18
  for (const months of isMinor ? childVisits : []) {
    const at = person.birth + ((months * 30.4375 + person.random.whole(2, 9)) / 365.25) * yearMs
    if (at < person.end) yield plan(person, 'wellness', at)
  }
  const first = Math.max(18.5, ageAt(person, person.end) - adultYears)
  for (let age = first; age < ageAt(person, person.end); age += 1) {
    const at = person.birth + (age + person.random.next() * 0.3) * yearMs
    if (at < person.end) yield plan(person, 'wellness', at)
    if (at < person.end && person.ailments.some(({ onset }) => onset < at)) {
      yield plan(person, 'follow-up', at + person.random.whole(120, 200) * dayMs)
    }
  }
}

function* sickVisits(person: Person): Generator<PlannedVisit> {
  const years = Math.min(adultYears, ageAt(person, person.end))
  for (let year = 0; year < years; year++) {
    const at = person.end - (year + person.random.next()) * yearMs
    if (person.random.chance(0.45) || (person.cast && year === 1)) yield plan(person, 'acute', at)
    if (person.random.chance(0.08) || (person.cast && year === 2)) yield plan(person, 'emergency', at - 40 * dayMs)
  }
}

function* pregnancyVisits(person: Person): Generator<PlannedVisit> {
  const age = ageAt(person, person.end)
  if (person.sex !== 'female' || age < 24 || age > 48 || !happens(person, 0.35)) return
  const conception = person.end - person.random.next() * Math.min(6, age - 22) * yearMs - 300 * dayMs
  for (const week of [9, 16, 24, 32, 38]) {
    yield { ...plan(person, 'prenatal', conception + week * 7 * dayMs), week }
  }
}

function* hospitalStays(person: Person): Generator<PlannedVisit> {
  if (person.death !== undefined) yield plan(person, 'inpatient', person.death - 8 * dayMs)
  const stays = happens(person, ageAt(person, person.end) > 55 ? 0.4 : 0.06)
  if (stays) yield plan(person, 'inpatient', person.end - (0.4 + person.random.next() * 3) * yearMs)
}

export function siteOf(person: Person, kind: VisitKind, age: number): Site {
  if (kind === 'emergency') return sites.emergency
  if (kind === 'inpatient') return sites.hospital
  return age < 18 ? sites.children[0] : person.home === sites.children[0] ? sites.adults[0] : person.home
}

/**
 * Groups whose members are found by a rule: no `member`, and characteristics that say who belongs. All of them have to
 * hold, `exclude` turns one round. https://hl7.org/fhir/R4/group-definitions.html#Group.characteristic
 */
import { Problem } from '#lib'
import { type DateRange, dateRange } from '../model/dates.ts'
import { anyAge, narrowed, type YearRange } from './ages.ts'

export interface GroupRule {
  /** Undefined: of any age, also where no birth date is known. */
  readonly ages: readonly YearRange[] | undefined
  readonly genders: readonly GenderRule[]
  readonly conditions: readonly ConditionRule[]
}

interface GenderRule {
  readonly codes: readonly string[]
  readonly isExcluded: boolean
}

export interface ConditionRule {
  /** Any of these. */
  readonly codings: readonly { readonly system: string; readonly code: string }[]
  readonly isExcluded: boolean
  /** In which it began. */
  readonly period: DateRange | undefined
}

interface Characteristic {
  readonly code?: { readonly coding?: readonly Coding[] }
  readonly valueRange?: { readonly low?: Quantity; readonly high?: Quantity }
  readonly valueCodeableConcept?: { readonly coding?: readonly Coding[] }
  readonly exclude?: boolean
  readonly period?: { readonly start?: string; readonly end?: string }
}

interface Coding {
  readonly system?: string
  readonly code?: string
}

interface Quantity {
  readonly value?: number
  readonly unit?: string
  readonly code?: string
}

type Kind = 'age' | 'gender' | 'condition'

const loinc = 'http://loinc.org'
const snomed = 'http://snomed.info/sct'
const administrativeGender = 'http://hl7.org/fhir/administrative-gender'

/** What a characteristic may be about; of each kind the first is what is written. */
const kinds: Readonly<Record<string, Kind>> = {
  [`${loinc}|30525-0`]: 'age',
  [`${loinc}|46098-0`]: 'gender',
  [`${loinc}|76689-9`]: 'gender',
  [`${snomed}|404684003`]: 'condition',
  [`${snomed}|64572001`]: 'condition',
  [`${loinc}|75323-6`]: 'condition',
}

const understood = Object.entries(kinds)
  .map(([code, kind]) => `${kind} (${code})`)
  .join(', ')

/** The rule of a Group; undefined when it lists its members. Throws Problem 'invalid' for a rule that is not understood. */
export function groupRule(group: object, zone: string): GroupRule | undefined {
  const { id, type, member, characteristic } = group as {
    id?: string
    type?: string
    member?: readonly unknown[]
    characteristic?: readonly Characteristic[]
  }
  if (!Array.isArray(characteristic) || characteristic.length === 0 || (member?.length ?? 0) > 0) return undefined
  if (type !== 'person')
    throw new Problem('invalid', `Group/${id} has a rule, and is of type "${type}": rules find persons`)
  let rule: GroupRule = { ages: undefined, genders: [], conditions: [] }
  characteristic.forEach((one: Characteristic, i: number) => {
    const refuse = (sentence: string) =>
      new Problem('invalid', `Cannot tell who belongs to Group/${id}: ${sentence}`, {
        expression: `Group.characteristic[${i}]`,
      })
    rule = withCharacteristic(rule, one, { zone, refuse })
  })
  return rule
}

interface Reading {
  readonly zone: string
  readonly refuse: (sentence: string) => Problem
}

function withCharacteristic(rule: GroupRule, one: Characteristic, reading: Reading): GroupRule {
  const isExcluded = one.exclude === true
  const kind = kindOf(one, reading)
  if (kind !== 'condition' && one.period) throw reading.refuse('a period goes with a condition only')
  switch (kind) {
    case 'age':
      return { ...rule, ages: narrowed(rule.ages ?? anyAge, yearsOf(one, reading), isExcluded) }
    case 'gender':
      return { ...rule, genders: [...rule.genders, { codes: gendersOf(one, reading), isExcluded }] }
    case 'condition': {
      const read = { codings: codingsOf(one, reading), isExcluded, period: periodOf(one, reading) }
      return { ...rule, conditions: [...rule.conditions, read] }
    }
  }
}

function kindOf({ code }: Characteristic, { refuse }: Reading): Kind {
  const names = (code?.coding ?? []).map((coding) => `${coding.system}|${coding.code}`)
  const known = names.find((name) => Object.hasOwn(kinds, name))
  const kind = known === undefined ? undefined : kinds[known]
  if (kind) return kind
  throw refuse(`a characteristic of ${names.join(', ') || 'no code'} is not understood; understood are ${understood}`)
}

function yearsOf({ valueRange }: Characteristic, { refuse }: Reading): YearRange {
  const bounds = [valueRange?.low, valueRange?.high]
  const isWhole = bounds.every((bound) => !bound || (Number.isInteger(bound.value) && isYears(bound)))
  if (!isWhole || bounds.every((bound) => !bound)) throw refuse('an age is a valueRange of whole years (unit "a")')
  const [low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY] = bounds.map((bound) => bound?.value)
  if (low >= high) throw refuse(`an age from ${low} up to, not including, ${high} is nobody's`)
  return { low, high }
}

/** https://hl7.org/fhir/R4/valueset-age-units.html: years, or nothing said. */
function isYears({ code, unit }: Quantity): boolean {
  return code === undefined ? unit === undefined || /^(?:a|years?)$/i.test(unit) : code === 'a'
}

function gendersOf(one: Characteristic, reading: Reading): readonly string[] {
  const codings = codingsOf(one, reading)
  if (codings.every(({ system }) => system === administrativeGender)) return codings.map(({ code }) => code)
  throw reading.refuse(`a gender is a code of ${administrativeGender}`)
}

function codingsOf({ valueCodeableConcept }: Characteristic, { refuse }: Reading) {
  const codings = (valueCodeableConcept?.coding ?? []).flatMap(({ system, code }) =>
    system === undefined || code === undefined ? [] : [{ system, code }],
  )
  if (codings.length === 0) throw refuse('a valueCodeableConcept with system and code is wanted')
  return codings
}

function periodOf({ period }: Characteristic, { zone, refuse }: Reading): DateRange | undefined {
  if (!period) return undefined
  const [start, end] = [period.start, period.end].map((text) => text && dateRange(text, zone))
  const isRead = (text: string | undefined, range: unknown) => text === undefined || range
  if (!isRead(period.start, start) || !isRead(period.end, end)) throw refuse('its period is not of dates')
  const low = start ? start.low : Number.NEGATIVE_INFINITY
  return { low, high: end ? end.high : Number.POSITIVE_INFINITY }
}

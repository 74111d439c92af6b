/**
 * How well a record fits the patient that was asked for: the weights of all comparisons added up, made a probability,
 * and held down where evidence of that kind cannot prove more, whatever its sum. https://hl7.org/fhir/R4/patient-operation-match.html
 */
import { type Address, compareAddresses } from './compare-addresses.ts'
import { type BirthDate, compareBirthDates } from './compare-birth-dates.ts'
import { type Contact, compareEmails, comparePhones } from './compare-contacts.ts'
import { compareDeaths, type Death } from './compare-deaths.ts'
import { compareIdentifiers, type IdentifierComparison } from './compare-identifiers.ts'
import { compareNames, type NameComparison } from './compare-names.ts'
import type { PatientFacts } from './patient-facts.ts'
import { extraWeights, prior, thresholds, weights } from './weights.ts'

/** https://hl7.org/fhir/R4/codesystem-match-grade.html */
export type Grade = 'certain' | 'probable' | 'possible' | 'certainly-not'

export interface Match {
  readonly grade: Grade
  /** 0 to 1, never higher for a lower grade. */
  readonly score: number
}

interface Evidence extends IdentifierComparison {
  readonly name: NameComparison
  readonly birthDate: BirthDate
  readonly address: Address
  readonly phone: Contact
  readonly email: Contact
  readonly gender: Contact
  readonly death: Death
  readonly mayBeTwins: boolean
}

export function match(asked: PatientFacts, known: PatientFacts): Match {
  const evidence = gather(asked, known)
  const probability = 1 / (1 + 2 ** -(prior + weigh(evidence)))
  const grade = lower(gradeOf(probability), ceiling(evidence))
  // a number that one person alone has is never passed over
  const isFloor = grade === 'certainly-not' && evidence.strong === 'same'
  const shown = isFloor ? 'possible' : grade
  return { grade: shown, score: within(probability, shown) }
}

/** The match held down to a grade, its score with it. */
export function atMost({ grade, score }: Match, highest: Grade): Match {
  const held = lower(grade, highest)
  return { grade: held, score: within(score, held) }
}

function gather(asked: PatientFacts, known: PatientFacts): Evidence {
  return {
    ...compareIdentifiers(asked.identifiers, known.identifiers),
    name: bestName(asked, known),
    birthDate: compareBirthDates(asked.birthDate, known.birthDate),
    address: compareAddresses(asked.addresses, known.addresses),
    phone: comparePhones(asked.phones, known.phones),
    email: compareEmails(asked.emails, known.emails),
    gender: compareGenders(asked.gender, known.gender),
    death: compareDeaths(asked.deceased, known.deceased),
    mayBeTwins: asked.isOfMultipleBirth || known.isOfMultipleBirth,
  }
}

const noName: NameComparison = {
  family: 'unknown',
  given: 'unknown',
  middle: 'unknown',
  isSwapped: false,
  isOfAnotherGeneration: false,
}

/** Every name on record counts, old and maiden ones too. */
function bestName(asked: PatientFacts, known: PatientFacts): NameComparison {
  const found = asked.names.flatMap((one) => known.names.flatMap((other) => compareNames(one, other)))
  return found.reduce((best, next) => (weighName(next) > weighName(best) ? next : best), found[0] ?? noName)
}

function compareGenders(asked: string | undefined, known: string | undefined): Contact {
  if (asked === undefined || known === undefined) return 'unknown'
  return asked === known ? 'same' : 'differs'
}

function weighName({ family, given, middle, isSwapped, isOfAnotherGeneration }: NameComparison): number {
  return (
    weights.family[family] +
    weights.given[given] +
    // another middle name of a person with another first name says nothing more
    (given === 'differs' ? 0 : weights.middle[middle]) +
    (isSwapped ? extraWeights.swapped : 0) +
    (isOfAnotherGeneration ? extraWeights.otherGeneration : 0)
  )
}

function weigh(evidence: Evidence): number {
  const { name, strong, other, birthDate, death, gender, isOtherPersons } = evidence
  return (
    weighName(name) +
    weights.birthDate[birthDate] +
    weights.strong[strong] +
    weights.other[other] +
    weighHousehold(evidence) +
    weights.gender[gender] +
    weights.death[death] +
    (isOtherPersons ? extraWeights.otherPersonsNumber : 0)
  )
}

/** People who live together share address and phone: with another given name they prove nothing. */
function weighHousehold({ name, address, phone, email }: Evidence): number {
  const weight = weights.address[address] + weights.phone[phone] + weights.email[email]
  return name.given === 'differs' ? Math.min(weight, 0) : weight
}

/** The best grade that evidence of this kind allows. */
function ceiling(evidence: Evidence): Grade {
  const { name, birthDate, strong, gender, death, isOtherPersons } = evidence
  const isSameNumber = strong === 'same'
  // twins and siblings
  if (name.given === 'differs' && !isSameNumber) return 'possible'
  // father and son
  if ((birthDate === 'differs' || name.isOfAnotherGeneration) && !isSameNumber) return 'possible'
  const contradicts = isOtherPersons || name.isOfAnotherGeneration || gender === 'differs' || death === 'contradicts'
  return !contradicts && isNameProven(evidence) && isBirthDateProven(evidence) && isConfirmed(evidence)
    ? 'certain'
    : 'probable'
}

/** Twins may have names of one letter's difference, so that a slip needs a number to be one. */
function isNameProven({ name, strong, mayBeTwins }: Evidence): boolean {
  const isFamily = name.family === 'same' || name.family === 'slip' || name.family === 'part'
  if (strong === 'same') return name.given !== 'differs' && name.given !== 'unknown'
  return isFamily && (name.given === 'same' || (name.given === 'nickname' && !mayBeTwins))
}

function isBirthDateProven({ birthDate, strong }: Evidence): boolean {
  return birthDate === 'same' || (strong === 'same' && (birthDate === 'swapped' || birthDate === 'slip'))
}

/** Name and birth date may be those of two people: something else has to agree, too. */
function isConfirmed({ strong, other, address, phone, email }: Evidence): boolean {
  return [strong, other, phone, email, address].includes('same') || address === 'near'
}

const grades: readonly Grade[] = ['certainly-not', 'possible', 'probable', 'certain']

function gradeOf(probability: number): Grade {
  if (probability >= thresholds.certain) return 'certain'
  if (probability >= thresholds.probable) return 'probable'
  return probability >= thresholds.possible ? 'possible' : 'certainly-not'
}

function lower(one: Grade, other: Grade): Grade {
  return grades.indexOf(one) < grades.indexOf(other) ? one : other
}

/** The probability in the bounds of its grade, in thousandths. */
function within(probability: number, grade: Grade): number {
  const low = grade === 'certainly-not' ? 0 : thresholds[grade]
  const above = { 'certainly-not': thresholds.possible, possible: thresholds.probable, probable: thresholds.certain }
  const high = grade === 'certain' ? 1 : above[grade] - 0.001
  return Math.round(Math.min(Math.max(probability, low), high) * 1000) / 1000
}

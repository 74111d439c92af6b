import { folded, letters, words } from './folded.ts'
import { items, type Json, spelledName, text } from './members.ts'

/** What of a Patient is compared, read once. Texts are folded; whatever is not of the expected shape is left out. */
export interface PatientFacts {
  readonly names: readonly NameFact[]
  /** As given: YYYY, YYYY-MM or YYYY-MM-DD. */
  readonly birthDate: string | undefined
  readonly gender: string | undefined
  readonly identifiers: readonly IdentifierFact[]
  /** Digits only, without the country prefix 1. */
  readonly phones: readonly string[]
  readonly emails: readonly string[]
  readonly addresses: readonly AddressFact[]
  /** YYYY-MM-DD where it is told; true where only the death is. */
  readonly deceased: string | boolean | undefined
  readonly isOfMultipleBirth: boolean
  /** Ids of the records that took this one's place. */
  readonly replacedBy: readonly string[]
}

export interface NameFact {
  readonly family: string
  readonly given: readonly string[]
  /** "jr", "sr", "ii" … */
  readonly generation: string | undefined
}

export interface IdentifierFact {
  readonly system: string
  readonly value: string
  /** Code of https://terminology.hl7.org/CodeSystem-v2-0203.html */
  readonly type: string | undefined
}

export interface AddressFact {
  readonly line: string
  readonly city: string
  readonly postalCode: string
}

export function patientFacts(patient: object): PatientFacts {
  const given: Json = patient
  const telecom = items(given.telecom)
  const valuesOf = (...systems: string[]) =>
    telecom.filter(({ system }) => systems.includes(system)).map(({ value }) => text(value))
  return {
    names: items(given.name).map(nameFact).filter(isNamed),
    birthDate: /^\d{4}(-\d\d(-\d\d)?)?$/.test(given.birthDate) ? given.birthDate : undefined,
    gender: given.gender === 'male' || given.gender === 'female' ? given.gender : undefined,
    identifiers: items(given.identifier)
      .map(identifierFact)
      .filter(({ system, value }) => system !== '' && value !== ''),
    phones: valuesOf('phone', 'sms', 'fax')
      .map(nationalDigits)
      .filter((digits) => digits.length >= 7),
    emails: valuesOf('email')
      .map((email) => email.toLowerCase())
      .filter((email) => email.includes('@')),
    addresses: items(given.address)
      .map(addressFact)
      .filter(({ line, city, postalCode }) => line + city + postalCode !== ''),
    deceased: typeof given.deceasedDateTime === 'string' ? given.deceasedDateTime.slice(0, 10) : given.deceasedBoolean,
    isOfMultipleBirth: given.multipleBirthBoolean === true || typeof given.multipleBirthInteger === 'number',
    replacedBy: items(given.link).flatMap(({ type, other }) => (type === 'replaced-by' ? idOf(other) : [])),
  }
}

function nameFact(name: Json): NameFact {
  const { family, given } = spelledName(name)
  const suffixes = items(name.suffix).flatMap((suffix) => words(text(suffix)))
  const generation = suffixes.find((suffix) => generations.has(suffix))
  return { family: letters(family), given: given.map(letters).filter((part) => part !== ''), generation }
}

const generations = new Set(['jr', 'sr', 'ii', 'iii', 'iv', 'v'])

function isNamed({ family, given }: NameFact): boolean {
  return family !== '' || given.length > 0
}

function identifierFact({ system, value, type }: Json): IdentifierFact {
  const code = items(type?.coding).find((coding) => text(coding.code) !== '')?.code
  return { system: text(system), value: text(value), type: code }
}

function addressFact({ line, city, postalCode }: Json): AddressFact {
  return {
    line: words(items(line).map(text).join(' '))
      .map((word) => streetWords[word] ?? word)
      .join(' '),
    city: folded(text(city)),
    // 00000 stands where nobody knew it
    postalCode: text(postalCode)
      .replace(/[^0-9A-Za-z]/g, '')
      .replace(/^0+$/, '')
      .toLowerCase()
      .slice(0, 5),
  }
}

/** https://pe.usps.com/text/pub28/28apc_002.htm, the commonest */
const streetWords: Readonly<Record<string, string>> = {
  ...{ street: 'st', avenue: 'ave', road: 'rd', drive: 'dr', lane: 'ln', court: 'ct', boulevard: 'blvd', place: 'pl' },
  ...{ apartment: 'apt', suite: 'ste', north: 'n', south: 's', east: 'e', west: 'w', terrace: 'ter', circle: 'cir' },
}

/** Ten digits of a North American number, else all of them. */
function nationalDigits(phone: string): string {
  const digits = phone.replace(/\D/g, '')
  return digits.length === 11 && digits.startsWith('1') ? digits.slice(1) : digits
}

function idOf(other: Json): string[] {
  const id = /(?:^|\/)Patient\/([^/]+)$/.exec(text(other?.reference))?.[1]
  return id === undefined ? [] : [id]
}

import type { IdentifierFact } from './patient-facts.ts'
import { slips } from './slips.ts'

export interface IdentifierComparison {
  /** A number that one person alone has: social security, medical record. */
  readonly strong: 'same' | 'slip' | 'differs' | 'unknown'
  /** Any other number of one system: driver's licence, passport, member number. */
  readonly other: 'same' | 'differs' | 'unknown'
  /** The social security number differs by more than a slip: a person has one. */
  readonly isOtherPersons: boolean
}

/** https://terminology.hl7.org/CodeSystem-v2-0203.html */
const strongTypes = new Set(['SS', 'SB', 'MR', 'NI'])
const socialSecurity = 'http://hl7.org/fhir/sid/us-ssn'

/** Only numbers of the same system are compared. */
export function compareIdentifiers(
  asked: readonly IdentifierFact[],
  known: readonly IdentifierFact[],
): IdentifierComparison {
  const pairs = asked.flatMap((one) => {
    const alike = known.filter(({ system }) => system === one.system)
    return alike.length === 0 ? [] : [{ one, outcome: closest(one, alike), isStrong: [one, ...alike].some(isStrong) }]
  })
  const outcomes = (wanted: boolean) =>
    pairs.filter(({ isStrong }) => isStrong === wanted).map(({ outcome }) => outcome)
  const strong = outcomes(true)
  return {
    strong: strong.includes('same') ? 'same' : (strong.find((outcome) => outcome === 'slip') ?? strong[0] ?? 'unknown'),
    other: outcomes(false).includes('same') ? 'same' : outcomes(false).length > 0 ? 'differs' : 'unknown',
    isOtherPersons: pairs.some(({ one, outcome }) => isSocialSecurity(one) && outcome === 'differs'),
  }
}

function closest(asked: IdentifierFact, alike: readonly IdentifierFact[]): 'same' | 'slip' | 'differs' {
  const value = plain(asked.value)
  const values = alike.map((known) => plain(known.value))
  if (values.includes(value)) return 'same'
  return value.length >= 6 && values.some((other) => slips(value, other, 1) === 1) ? 'slip' : 'differs'
}

function isStrong(identifier: IdentifierFact): boolean {
  return isSocialSecurity(identifier) || (identifier.type !== undefined && strongTypes.has(identifier.type))
}

function isSocialSecurity({ system, type }: IdentifierFact): boolean {
  return system === socialSecurity || type === 'SS' || type === 'SB'
}

/** With or without blanks and hyphens. */
function plain(value: string): string {
  return value.replace(/[\s-]/g, '').toLowerCase()
}

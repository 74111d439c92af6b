import { date, yearMs } from '../calendar.ts'
import { concept, type Reference, systems } from '../coding.ts'
import { familyNames, givenNames } from '../facts/names.ts'
import { cities } from '../facts/places.ts'
import { happens, type Person } from '../life/index.ts'

const relationships = {
  mother: ['MTH', 'mother', 'female'],
  father: ['FTH', 'father', 'male'],
  spouse: ['SPS', 'spouse', 'male'],
  daughter: ['DAUC', 'daughter', 'female'],
} as const

/** Guardians of a minor; for some adults the person to call. */
export function writeRelatedPeople(person: Person): readonly Reference[] {
  const age = (person.end - person.birth) / yearMs
  if (age < 18) return [write(person, 'mother', true), write(person, 'father', true)]
  if (!happens(person, 0.35)) return []
  return [write(person, age > 60 ? 'daughter' : 'spouse', false)]
}

function write(person: Person, kind: keyof typeof relationships, isGuardian: boolean): Reference {
  const { random, chart, number, name, birth } = person
  const [code, display, gender] = relationships[kind]
  const family = name.latin?.family ?? (random.chance(0.8) ? name.family : random.pick(familyNames))
  const given = random.pick(givenNames[gender])
  const [city, state, postalCode, prefix] = cities[number % cities.length] ?? cities[0]
  const yearsOlder = kind === 'daughter' ? -28 : kind === 'spouse' ? 1 : 29
  const reference = chart.add('RelatedPerson', ['us-core-relatedperson'], {
    active: true,
    patient: person.subject,
    relationship: [
      concept(systems.roleCode, code, display),
      ...(isGuardian ? [concept(systems.roleCode, 'GUARD', 'guardian')] : []),
    ],
    name: [{ use: 'official', family, given: [given] }],
    telecom: [{ system: 'phone', value: `${prefix}-555-${random.whole(1000, 9999)}`, use: 'mobile' }],
    gender,
    birthDate: date(birth - (yearsOlder + random.whole(-3, 6)) * yearMs),
    address: [{ use: 'home', line: [`${random.whole(1, 999)} Orchard Road`], city, state, postalCode, country: 'US' }],
  })
  return { ...reference, display: `${given} ${family}` }
}

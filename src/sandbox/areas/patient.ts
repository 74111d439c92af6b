import { date, dateTime, month, yearMs } from '../calendar.ts'
import { type Body, concept, systems, unknownPrimitive } from '../coding.ts'
import { ethnicities, races, tribe } from '../facts/demographics.ts'
import { cities, languages, streets } from '../facts/places.ts'
import { coverTag, happens, type Person } from '../life/index.ts'
import { clinicianReference, clinicians } from '../shared/sites.ts'
import { atLeast, usCoreUrl } from '../us-core.ts'

/** https://hl7.org/fhir/us/core/StructureDefinition-us-core-patient.html */
export function writePatient(person: Person) {
  const { chart, random, cast, sex, birth, death, name } = person
  const adult = person.end - birth > 18 * yearMs
  chart.put('Patient', person.id, ['us-core-patient'], {
    ...(cast ? { meta: { tag: [coverTag] } } : {}),
    extension: extensions(person),
    identifier: [medicalRecordNumber(person.id, person.number)],
    active: death === undefined,
    name: names(person),
    telecom: [
      { system: 'phone', value: telephone(person), use: 'home' },
      ...(adult ? [{ system: 'email', value: `${person.id}@mail.test`, use: 'home' }] : []),
    ],
    gender: sex,
    birthDate: date(birth),
    ...(death === undefined ? {} : { deceasedDateTime: dateTime(death) }),
    address: addresses(person),
    maritalStatus: adult ? maritalStatus(random.pick(['M', 'M', 'S', 'D'])) : maritalStatus('S'),
    communication: [
      {
        language: concept('urn:ietf:bcp:47', name.language, languages[name.language]),
        preferred: true,
      },
    ],
    generalPractitioner: [person.home.clinicians[0] ?? firstClinician],
    managingOrganization: person.home.organization,
  })
}

const firstClinician = clinicians.slice(0, 1).map(clinicianReference)[0]

export const medicalRecordNumber = (id: string, number: number): Body => ({
  use: 'usual',
  type: concept(systems.identifierType, 'MR', 'Medical Record Number'),
  system: 'urn:charthouse:sandbox:mrn',
  value: `MRN-${String(number).padStart(7, '0')}${id.includes('-') ? '-D' : ''}`,
})

const telephone = ({ number }: Person) =>
  `${cities[number % cities.length]?.[3]}-555-${String(1000 + ((number * 37) % 9000))}`

function names({ name, cast, number, birth, end }: Person): readonly Body[] {
  const { family, given, suffix, formerFamily, latin, text } = name
  const official = { use: 'official', text, family, given, ...(suffix ? { suffix: [suffix] } : {}) }
  if (latin) {
    return [
      official,
      { use: 'usual', text: `${latin.given} ${latin.family}`, family: latin.family, given: [latin.given] },
    ]
  }
  if (formerFamily) {
    const married = birth + Math.min(26 * yearMs, (end - birth) * 0.7)
    return [
      { ...official, period: { start: date(married) } },
      { use: 'old', family: formerFamily, given, period: { start: date(birth), end: date(married) } },
    ]
  }
  // A newborn or a person brought in unconscious is known by half a name.
  return !cast && number % 29 === 0
    ? [official, { use: 'nickname', _family: unknownPrimitive, given: [given[0]] }]
    : [official]
}

function addresses(person: Person): readonly Body[] {
  const { random, number, birth, end } = person
  const [city, state, postalCode] = cities[number % cities.length] ?? cities[0]
  const moved = end - random.next() * Math.min(6 * yearMs, (end - birth) / 2)
  const line = `${random.whole(1, 999)} ${random.pick(streets)}`
  const now = { use: 'home', line: [line], city, state, postalCode, country: 'US' }
  if (!happens(person, 0.3)) return [now]
  const [oldCity, oldState, oldPostalCode] = cities[(number + 3) % cities.length] ?? cities[0]
  return [
    { ...now, period: { start: date(moved) } },
    {
      use: 'old',
      line: [`${random.whole(1, 999)} ${random.pick(streets)}`, `Apt ${random.whole(1, 40)}`],
      city: oldCity,
      state: oldState,
      postalCode: oldPostalCode,
      country: 'US',
      period: { start: month(birth), end: date(moved) },
    },
  ]
}

const maritalDisplays = { M: 'Married', S: 'Never Married', D: 'Divorced' } as const
const maritalStatus = (code: keyof typeof maritalDisplays) =>
  concept('http://terminology.hl7.org/CodeSystem/v3-MaritalStatus', code, maritalDisplays[code])

function extensions(person: Person): readonly Body[] {
  const { version, random, cast, sex } = person
  const race = random.pick(races)
  const ethnicity = random.pick(ethnicities)
  const list: Body[] = [race.extension, ethnicity.extension]
  if (!atLeast(version, '8.0.0')) list.push(birthSex(sex))
  if (atLeast(version, '5.0.1') && happens(person, 0.4)) list.push(genderIdentity(sex))
  if (atLeast(version, '6.1.0')) {
    list.push(sexOf(person))
    if (cast || race.code === '1002-5') list.push(tribe)
  }
  if (atLeast(version, '8.0.0') && happens(person, 0.2)) list.push(interpreterNeeded(person.name.language !== 'en'))
  return list
}

const birthSex = (sex: Person['sex']): Body => ({
  url: `${usCoreUrl}us-core-birthsex`,
  valueCode: sex === 'female' ? 'F' : 'M',
})

/** A code of SNOMED CT until 7.0.0, a Coding since 8.0.0. */
function sexOf({ version, sex }: Person): Body {
  const [code, display] = sex === 'female' ? ['248152002', 'Female (finding)'] : ['248153007', 'Male (finding)']
  const value = atLeast(version, '8.0.0')
    ? { valueCoding: { system: systems.snomed, code, display } }
    : { valueCode: code }
  return { url: `${usCoreUrl}us-core-sex`, ...value }
}

const genderIdentity = (sex: Person['sex']): Body => ({
  url: `${usCoreUrl}us-core-genderIdentity`,
  valueCodeableConcept:
    sex === 'female'
      ? concept(systems.snomed, '446141000124107', 'Identifies as female gender (finding)', 'Female')
      : concept(systems.snomed, '446151000124109', 'Identifies as male gender (finding)', 'Male'),
})

export const interpreterNeeded = (needed: boolean): Body => ({
  url: `${usCoreUrl}us-core-interpreter-needed`,
  valueCoding: needed
    ? { system: systems.snomed, code: '373066001', display: 'Yes (qualifier value)' }
    : { system: systems.snomed, code: '373067005', display: 'No (qualifier value)' },
})

/** Patients as they come a second time: registered in a hurry, after a move or a wedding. The same for every run. */
import { isNickname } from '../../src/fhir/match/nicknames.ts'
import { seeded } from './seeded.ts'

// biome-ignore lint/suspicious/noExplicitAny: Patients of the demographics set
export type Patient = any

type Choose = (below: number) => number

interface Alteration {
  /** A second alteration of the same part would undo or double the first. */
  readonly part: string
  readonly about: string
  alter(patient: Patient, choose: Choose): void
}

export interface AlteredPatient {
  readonly id: string
  readonly alterations: readonly string[]
  readonly patient: Patient
}

const letters = 'abcdefghijklmnopqrstuvwxyz'

/** One slip of the pen in the letters behind the first. */
function withTypo(name: string, choose: Choose): string {
  const at = 1 + choose(Math.max(1, name.replace(/\d+$/, '').length - 2))
  const letter = letters[choose(26)] ?? 'x'
  const [before, here, after] = [name.slice(0, at), name[at] ?? '', name.slice(at + 1)]
  const [next = ''] = after
  return [
    before + after,
    before + letter + after,
    before + letter + here + after,
    before + next + here + after.slice(1),
  ][choose(4)] as string
}

const calledBy = [
  'bob',
  'bill',
  'liz',
  'kate',
  'jim',
  'joe',
  'mike',
  'tom',
  'dick',
  'peggy',
  'tony',
  'chuck',
  'sue',
  'lupe',
  'memo',
]

const alterations: readonly Alteration[] = [
  {
    about: 'typo in the family name',
    part: 'family',
    alter: ({ name: [name] }, choose) => {
      name.family = withTypo(name.family, choose)
    },
  },
  {
    about: 'typo in the given name',
    part: 'given',
    alter: ({ name: [name] }, choose) => {
      name.given[0] = withTypo(name.given[0], choose)
    },
  },
  {
    about: 'old or new family name',
    part: 'family',
    alter: (patient, choose) => {
      const [name, old] = patient.name
      name.family = old ? old.family : `${letters[choose(26)]?.toUpperCase()}enderson${choose(9)}`
    },
  },
  {
    about: 'called by another name',
    part: 'given',
    alter: ({ name: [name] }) => {
      const [first, middle] = name.given
      const nickname = calledBy.find((short) => isNickname(short, first))
      name.given = [nickname ?? middle ?? first[0]]
    },
  },
  {
    about: 'no middle name',
    part: 'middle',
    alter: ({ name: [name] }) => {
      name.given.length = 1
    },
  },
  {
    about: 'capitals and accents',
    part: 'spelling',
    alter: ({ name: [name] }) => {
      name.family = name.family.toUpperCase().replace('E', 'É').replace('O', 'Ö')
      name.given[0] = name.given[0].replace('a', 'á').replace('i', 'í')
    },
  },
  {
    about: 'one digit of the birth date wrong',
    part: 'birth date',
    alter: (patient, choose) => {
      const [year, month, day] = patient.birthDate.split('-')
      const isDay = day < '30' && choose(2) === 0
      patient.birthDate = isDay
        ? `${year}-${month}-${day[0]}${(Number(day[1]) % 8) + 1}`
        : `${year.slice(0, 3)}${(Number(year[3]) + 1 + choose(9)) % 10}-${month}-${day}`
    },
  },
  {
    about: 'day and month exchanged',
    part: 'birth date',
    alter: (patient) => {
      const [year, month, day] = patient.birthDate.split('-')
      if (Number(day) <= 12) patient.birthDate = `${year}-${day}-${month}`
    },
  },
  {
    about: 'moved',
    part: 'address',
    alter: (patient, choose) => {
      const line = [`${100 + choose(900)} ${['Oak', 'Elm', 'Lake'][choose(3)]} ${['Street', 'Ave'][choose(2)]}`]
      patient.address = [{ line, city: 'Omaha', state: 'NE', postalCode: String(68_100 + choose(90)) }]
    },
  },
  {
    about: 'address written in another way',
    part: 'address',
    alter: ({ address: [address] }) => {
      address.line = [
        address.line[0]
          .replace(/ (Unit|Apt|Suite) \d+$/, '')
          .replace('Road', 'Rd')
          .toUpperCase(),
      ]
      delete address.postalCode
    },
  },
  {
    about: 'another phone',
    part: 'phone',
    alter: (patient, choose) => {
      patient.telecom = [{ system: 'phone', value: `(402) 555-${1000 + choose(9000)}` }]
    },
  },
  {
    about: 'phone written in another way',
    part: 'phone',
    alter: ({ telecom }) => {
      if (telecom?.[0]) telecom[0].value = `+1 ${telecom[0].value.replaceAll('-', '.')}`
    },
  },
  { about: 'no phone', part: 'phone', alter: (patient) => delete patient.telecom },
  { about: 'no address', part: 'address', alter: (patient) => delete patient.address },
  { about: 'no gender', part: 'gender', alter: (patient) => delete patient.gender },
]

/** Most come without any number, some with one, of which every other is wrong by a digit. */
function keepOneNumber(patient: Patient, choose: Choose): string {
  const numbers = patient.identifier.filter(({ type }: Patient) => type)
  const kept = choose(10) < 6 ? undefined : numbers[choose(numbers.length)]
  patient.identifier = kept ? [kept] : undefined
  if (!kept) return 'no number'
  if (choose(2)) return 'one number'
  const at = kept.value.search(/\d[^\d]*$/)
  kept.value = `${kept.value.slice(0, at)}${(Number(kept.value[at]) + 1 + choose(8)) % 10}${kept.value.slice(at + 1)}`
  return 'one number with a wrong digit'
}

/** What a registration desk knows of the patient, with two to four alterations. */
export function alteredPatient(patient: Patient, seed: number): AlteredPatient {
  const choose = seeded(seed)
  const { id, identifier, name, telecom, gender, birthDate, address } = structuredClone(patient)
  const altered = { resourceType: 'Patient', identifier, name, telecom, gender, birthDate, address }
  const made = [keepOneNumber(altered, choose)]
  const touched = new Set<string>()
  for (let wanted = 2 + choose(3); touched.size < wanted; ) {
    const { about, part, alter } = alterations[choose(alterations.length)] as Alteration
    if (touched.has(part)) continue
    touched.add(part)
    alter(altered, choose)
    made.push(about)
  }
  if (choose(6) === 0) made.push(swapNames(altered))
  // a desk asks for one name
  altered.name = altered.name.slice(0, 1).map(({ family, given }: Patient) => ({ family, given }))
  return { id, alterations: made, patient: altered }
}

function swapNames({ name: [name] }: Patient): string {
  const [given, ...others] = name.given
  Object.assign(name, { family: given, given: [name.family, ...others] })
  return 'names swapped'
}

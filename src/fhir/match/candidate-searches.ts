/**
 * Where the record of a patient may be found: searches, each of which survives another mistake. A record that is found
 * by none of them agrees in too little to be matched. https://hl7.org/fhir/R4/patient.html#search
 */
import { items, type Json, spelledName, text } from './members.ts'

/** Parameters of one search of Patient, all of which must hold. */
export type CandidateSearch = readonly (readonly [name: string, value: string])[]

/** One after the other; of each the next is for when one finds more than can be looked at. */
export function candidateSearches(patient: object): readonly (readonly CandidateSearch[])[] {
  const { families, givens, birthDate, identifiers, phones, emails, lines, postalCodes } = spelledIn(patient)
  const names = [...families, ...givens]
  const born: Values = ['birthdate', birthDate === undefined ? [] : [birthDate]]
  const year: Values = ['birthdate', birthDate === undefined ? [] : [birthDate.slice(0, 4)]]
  const searches: readonly (readonly (readonly Values[])[])[] = [
    [[['identifier', identifiers.map(({ system, value }) => `${escaped(system)}|${escaped(value)}`)]]],
    [[born], [born, ['name', starts(names, 2)]]],
    [[year, ['name', starts(names, 3)]]],
    [
      [
        ['name', starts(families, 3)],
        ['name', starts(givens, 3)],
      ],
      [
        ['name', families.map(escaped)],
        ['name', givens.map(escaped)],
      ],
    ],
    [[['phone', phones.map(escaped)]]],
    [[['email', emails.map(escaped)]]],
    [
      [
        ['address', lines.map(escaped)],
        ['name', starts(names, 2)],
      ],
    ],
    [
      [
        ['address-postalcode', postalCodes.map(escaped)],
        ['name', names.map(escaped)],
      ],
    ],
  ]
  return searches.map((ways) => ways.flatMap(searchOf)).filter((ways) => ways.length > 0)
}

type Values = readonly [name: string, values: readonly string[]]

/** None when something that it asks by is not there. */
function searchOf(conditions: readonly Values[]): readonly CandidateSearch[] {
  if (conditions.some(([, values]) => values.length === 0)) return []
  return [conditions.map(([name, values]) => [name, [...new Set(values)].join()])]
}

/** What stands in the Patient, as it is spelled: the store folds texts for itself. */
function spelledIn(patient: Json) {
  const names = items(patient.name).map(spelledName)
  const contacts = (system: string) => items(patient.telecom).filter((telecom) => telecom.system === system)
  const addresses = items(patient.address)
  return {
    families: filled(names.map(({ family }) => family)),
    givens: filled(names.flatMap(({ given }) => given.slice(0, 1))),
    birthDate: text(patient.birthDate) || undefined,
    identifiers: items(patient.identifier)
      .map(({ system, value }) => ({ system: text(system), value: text(value) }))
      .filter(({ system, value }) => system !== '' && value !== ''),
    phones: filled(contacts('phone').map(({ value }) => text(value))),
    emails: filled(contacts('email').map(({ value }) => text(value))),
    lines: filled(addresses.map(({ line }) => text(items(line)[0]))),
    postalCodes: filled(addresses.map(({ postalCode }) => text(postalCode).slice(0, 5))),
  }
}

function filled(texts: readonly string[]): readonly string[] {
  return texts.filter((one) => one !== '')
}

/** The first letters of names that have as many, so that a slip behind them does no harm. */
function starts(names: readonly string[], length: number): readonly string[] {
  return names
    .filter((name) => [...name].length > length - 1)
    .map((name) => escaped([...name].slice(0, length).join('')))
}

/** https://hl7.org/fhir/R4/search.html#escaping */
function escaped(value: string): string {
  return value.replace(/[\\,|$]/g, '\\$&')
}

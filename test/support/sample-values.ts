/** A value of each FHIR type that a search parameter can look at, with the search value that finds it and one that misses it. */
import { requiredCodes, type SearchType } from '#fhir'

export interface Sample {
  readonly value: unknown
  readonly finds: string
  readonly misses: string
  /** False for codes and booleans, which other resources have too. */
  readonly isUnique: boolean
}

export interface Wanted {
  /** Makes the value differ from all others. */
  readonly number: number
  /** Name of the required value set. */
  readonly codes?: string
  /** Types that a reference may lead to. */
  readonly targets: readonly string[]
}

type Make = (wanted: Wanted) => Sample

const system = 'http://example.org/samples'
const word = (number: number) => `value${String(number).padStart(6, '0')}x`
const unique = (value: unknown, finds: string, misses: string): Sample => ({ value, finds, misses, isUnique: true })

const day = (number: number) => new Date(Date.UTC(1950, 0, 1 + number)).toISOString().slice(0, 10)
const date = (make: (day: string) => unknown): Make => {
  return ({ number }) => unique(make(day(number)), day(number), '1890-05-05')
}

const token = (make: (code: string) => unknown): Make => {
  return ({ number }) => unique(make(word(number)), word(number), 'nothing')
}

const inSystem = (make: (coding: { system: string; code: string }) => unknown): Make => {
  return ({ number }) => unique(make({ system, code: word(number) }), `${system}|${word(number)}`, `|${word(number)}`)
}

function code({ number, codes }: Wanted): Sample {
  if (codes === undefined) return unique(word(number), word(number), 'nothing')
  const all = Object.values(requiredCodes(codes)).flat()
  const value = all[number % all.length] ?? ''
  const other = all.find((each) => each !== value)
  return { value, finds: value, misses: other ?? `http://example.org/other|${value}`, isUnique: false }
}

const text = (make: (text: string) => unknown): Make => {
  return ({ number }) => unique(make(`Välue${word(number)} More`), `value${word(number)} m`, 'nothing')
}

const url: Make = ({ number }) =>
  unique(`http://example.org/${word(number)}`, `http://example.org/${word(number)}`, 'http://example.org/v')
const canonical: Make = ({ number }) => {
  return unique(`http://example.org/${word(number)}|1.0`, `http://example.org/${word(number)}`, 'http://example.org/v')
}

function reference({ number, targets: [type = 'Patient'] }: Wanted): Sample {
  return unique({ reference: `${type}/${word(number)}` }, `${type}/${word(number)}`, `${type}/nothing`)
}

function resource({ number, targets: [type = 'Patient'] }: Wanted): Sample {
  return unique({ resourceType: type, id: word(number) }, `${type}/${word(number)}`, `${type}/nothing`)
}

const number = (make: (number: number) => unknown): Make => {
  return (wanted) => unique(make(wanted.number + 10_000), String(wanted.number + 10_000), '5')
}

const quantity = (make: (value: number) => unknown): Make => {
  return (wanted) =>
    unique(
      make(wanted.number + 10_000),
      `${wanted.number + 10_000}|${system}|u`,
      `${wanted.number + 10_000}|${system}|v`,
    )
}

const measured = quantity((value) => ({ value, unit: 'units', system, code: 'u' }))
const range = (value: number) => ({ value, system, code: 'u' })

// biome-ignore format: a row each
export const sampleValues: Readonly<Record<SearchType, Readonly<Record<string, Make>>>> = {
  token: {
    CodeableConcept: inSystem((coding) => ({ coding: [coding] })),
    Coding: inSystem((coding) => coding),
    Identifier: inSystem(({ system: of, code: value }) => ({ system: of, value })),
    ContactPoint: token((value) => ({ value })),
    boolean: () => ({ value: true, finds: 'true', misses: 'false', isUnique: false }),
    code, string: token((value) => value), uri: url, url, oid: url, uuid: url, canonical: url, id: token((value) => value),
  },
  string: {
    string: text((value) => value),
    markdown: text((value) => value),
    HumanName: text((family) => ({ family })),
    Address: text((city) => ({ city })),
  },
  date: {
    date: date((value) => value),
    dateTime: date((value) => `${value}T10:30:00Z`),
    instant: date((value) => `${value}T10:30:00.5Z`),
    Period: date((value) => ({ start: `${value}T01:00:00Z`, end: `${value}T02:00:00Z` })),
    Timing: date((value) => ({ event: [`${value}T01:00:00Z`] })),
  },
  number: {
    decimal: number((value) => value),
    integer: number((value) => value),
    positiveInt: number((value) => value),
    unsignedInt: number((value) => value),
  },
  quantity: {
    Quantity: measured, Age: measured, Duration: measured, SimpleQuantity: measured,
    Money: ({ number: each }) => unique({ value: each + 10_000, currency: 'USD' }, `${each + 10_000}|urn:iso:std:iso:4217|USD`, '5||USD'),
    Range: quantity((value) => ({ low: range(value), high: range(value + 0.25) })),
    SampledData: quantity((value) => ({ origin: range(0), period: 10, dimensions: 1, lowerLimit: value, upperLimit: value + 0.25, data: 'E' })),
    decimal: number((value) => value),
    integer: number((value) => value),
  },
  uri: { uri: url, url, canonical, oid: url, uuid: url },
  reference: { Reference: reference, canonical, uri: url, Resource: resource },
  composite: {},
  special: { 'Location.position': () => unique({ latitude: 42.25, longitude: -83.69 }, '42.3|-83.7|10|km', '42.3|-83.7|5|km') },
}

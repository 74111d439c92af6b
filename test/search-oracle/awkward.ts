/** Resources as Synthea does not write them: partial dates, zones, periods without an end, comparators, ranges, odd texts. */
import type { Resource } from '../support/ndjson.ts'
import type { Random } from './random.ts'

const families = [
  'Müller',
  'MÜLLER-Lüdenscheidt',
  "O'Brien",
  'Ångström',
  '李',
  'van  der Berg',
  'Smith, Jr',
  'a|b',
  '50% off_x',
  'İstanbul',
  'strasse',
  'Straße',
]
const dates = [
  '1955',
  '1969-12',
  '1970-01-01',
  '2020-02',
  '2020-02-29',
  '2020-02-29T23:30:00-05:00',
  '2020-03-01T04:30:00Z',
  '2020-03-01T10:00:00.250+05:30',
  '2020-03-01T10:00:00+00:00',
  '2020-12-31T23:59:59.999Z',
  '2021',
  '2021-01-01T00:00:00Z',
  '2019-12-31T24:00:00Z'.replace('24', '23'),
]
const systems = [undefined, 'http://example.org/a', 'http://example.org/b']
const codes = ['x', 'y', 'X', 'x y', 'z']

const without = (object: object) => JSON.parse(JSON.stringify(object)) as Resource

export function awkward(random: Random, patients: readonly string[]): Resource[] {
  return Array.from({ length: 400 }, (_, at) => {
    const id = `awkward-${at}`
    const make = random.one([observation, patient, risk, valueSet, condition, charge])
    return without({ id, ...(random.happens(0.5) && { meta: meta(random) }), ...make(random, random.one(patients)) })
  })
}

function meta(random: Random) {
  return {
    profile: random.happens(0.5)
      ? ['http://example.org/profile|1.0', 'http://example.org/other']
      : ['http://example.org/profile'],
    tag: [coding(random)],
    ...(random.happens(0.3) && { source: 'http://example.org/source#1' }),
  }
}

const coding = (random: Random) => ({
  system: random.one(systems),
  code: random.one(codes),
  ...(random.happens(0.4) && { display: random.one(families) }),
})
const concept = (random: Random) => ({
  ...(random.happens(0.8) && { coding: random.happens(0.3) ? [coding(random), coding(random)] : [coding(random)] }),
  ...(random.happens(0.4) && { text: random.one(families) }),
})

function period(random: Random) {
  const [one, other] = [random.one(dates), random.one(dates)].sort()
  return random.one([{ start: one }, { end: one }, { start: one, end: other }])
}

function quantity(random: Random) {
  const value = random.one([5.4, 5.35, 5.45, 5.44999, 0, -3, 100, 1e-7, 5, 120, random.below(200) / 10])
  const unit = random.one([
    { unit: 'mg' },
    { system: 'http://unitsofmeasure.org', code: 'mg', unit: 'milligram' },
    { system: 'http://unitsofmeasure.org', code: 'g' },
    {},
  ])
  return { value, ...unit, ...(random.happens(0.2) && { comparator: random.one(['<', '<=', '>', '>=']) }) }
}

const subject = (random: Random, patient: string) =>
  random.one<object>([
    { reference: `Patient/${patient}` },
    { reference: `Patient/${patient}/_history/2` },
    { identifier: identifier(random) },
    { reference: 'https://elsewhere.example/Patient/1' },
    { reference: 'Group/none' },
  ])

const identifier = (random: Random) => ({
  system: random.one(systems),
  value: random.one(codes),
  ...(random.happens(0.5) && {
    type: { coding: [{ system: 'http://example.org/t', code: random.one(['MR', 'SS']) }], text: random.one(families) },
  }),
})

function observation(random: Random, of: string) {
  const effective = random.one<object>([
    { effectiveDateTime: random.one(dates) },
    { effectivePeriod: period(random) },
    { effectiveTiming: { event: [random.one(dates), random.one(dates)] } },
    {},
  ])
  const value = random.one<object>([
    { valueQuantity: quantity(random) },
    { valueCodeableConcept: concept(random) },
    { valueString: random.one(families) },
    { valueDateTime: random.one(dates) },
    {},
  ])
  const component = Array.from({ length: random.below(3) }, () => ({
    code: concept(random),
    ...random.one<object>([{ valueQuantity: quantity(random) }, { valueCodeableConcept: concept(random) }]),
  }))
  const status = random.one(['final', 'amended', 'preliminary'])
  return {
    resourceType: 'Observation',
    status,
    code: concept(random),
    subject: subject(random, of),
    ...effective,
    ...value,
    ...(component.length > 0 && { component }),
  }
}

function patient(random: Random) {
  return {
    resourceType: 'Patient',
    identifier: [identifier(random)],
    ...(random.happens(0.8) && {
      name: [{ family: random.one(families), given: [random.one(families), random.one(families)] }],
    }),
    ...(random.happens(0.7) && { birthDate: random.one(dates).slice(0, 10) }),
    ...(random.happens(0.3) && { deceasedDateTime: random.one(dates) }),
    telecom: [{ system: random.one(['phone', 'email']), value: random.one(codes) }],
    gender: random.one(['male', 'female', undefined]),
    link: [{ other: { reference: `Patient/awkward-${random.below(400)}` }, type: 'seealso' }],
  }
}

function condition(random: Random, of: string) {
  const onset = random.one<object>([
    { onsetDateTime: random.one(dates) },
    { onsetPeriod: period(random) },
    { onsetAge: quantity(random) },
    { onsetRange: { low: quantity(random), high: { value: 300 } } },
    {},
  ])
  return {
    resourceType: 'Condition',
    subject: subject(random, of),
    code: concept(random),
    ...onset,
    ...(random.happens(0.5) && { recordedDate: random.one(dates) }),
  }
}

function risk(random: Random, of: string) {
  const probability = random.one([0.5, 0.25, 0.3, 0.05, 1, 0, 0.333])
  return {
    resourceType: 'RiskAssessment',
    status: 'final',
    subject: subject(random, of),
    prediction: [{ probabilityDecimal: probability }],
  }
}

function charge(random: Random, of: string) {
  return {
    resourceType: 'ChargeItem',
    status: 'billed',
    code: concept(random),
    subject: subject(random, of),
    factorOverride: random.one([1, 2.5, 0.7, 100]),
    occurrencePeriod: period(random),
  }
}

function valueSet(random: Random) {
  const url = random.one([
    'http://example.org/vs',
    'http://example.org/vs/one',
    'http://example.org/vs/one/two',
    'urn:oid:1.2.3',
  ])
  return { resourceType: 'ValueSet', status: 'draft', url, name: random.one(families), date: random.one(dates) }
}

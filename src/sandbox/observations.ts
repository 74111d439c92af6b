import { measured } from './areas/laboratory.ts'
import { dateTime, dayMs, instant, instantOf } from './calendar.ts'
import { resourceLine } from './chart.ts'
import { concept, loinc, observationCategory, quantity, type Reference, systems } from './coding.ts'
import { bloodCount, chemistry, type LaboratoryTest, lipids, singleTests } from './facts/laboratory-tests.ts'
import { rarerTests } from './facts/rarer-laboratory-tests.ts'
import { vitalSigns } from './facts/vital-signs.ts'
import { defaultReferenceDate } from './generate.ts'
import { type Random, randomOf, rounded } from './random.ts'
import { organizationLines } from './shared/organizations.ts'
import { practitionerLines } from './shared/practitioners.ts'
import { clinicianReference, clinicians, organizationReference } from './shared/sites.ts'

export interface ObservationOptions {
  readonly count: number
  readonly patients: number
  readonly seed: number
}

/**
 * For benchmarks and the storage figure: Organizations, Practitioners, then `patients` Patients, each with an equal share of
 * `count` Observations over ten years. Their codes are 200, used as unevenly as Zipf's law has it.
 */
export function* generateObservations({ count, patients, seed }: ObservationOptions): Generator<string> {
  yield* organizationLines('6.1.0')
  yield* practitionerLines('6.1.0')
  const end = instantOf(defaultReferenceDate)
  for (let number = 1; number <= patients; number++) {
    const random = randomOf(`${seed}/o${number}`)
    const share = Math.floor((count * number) / patients) - Math.floor((count * (number - 1)) / patients)
    yield patientLine(random, number)
    for (let i = 1; i <= share; i++) {
      const at =
        end - Math.floor(((share - i + random.next()) / share) * 3650) * dayMs + random.whole(-300, 300) * 60_000
      yield observationLine(random, number, i, at)
    }
  }
}

type Measurable =
  | { readonly kind: 'laboratory'; readonly test: LaboratoryTest }
  | { readonly kind: 'vital'; readonly test: LaboratoryTest; readonly profile: string }

const vital = (sign: (typeof vitalSigns)[keyof typeof vitalSigns], low: number, high: number): Measurable => {
  const { code, display = '' } = sign.code.coding[0] ?? { code: '' }
  return { kind: 'vital', profile: sign.profile, test: [code, display, display, sign.ucum, low, high, sign.decimals] }
}

/** The commonest first. */
const measurables: readonly Measurable[] = [
  vital(vitalSigns.heartRate, 60, 100),
  vital(vitalSigns.weight, 55, 95),
  ...[...chemistry, ...bloodCount].map((test): Measurable => ({ kind: 'laboratory', test })),
  vital(vitalSigns.temperature, 36.2, 37.4),
  vital(vitalSigns.respiratoryRate, 12, 20),
  ...[...lipids, ...Object.values(singleTests)].map((test): Measurable => ({ kind: 'laboratory', test })),
  vital(vitalSigns.height, 155, 185),
  vital(vitalSigns.bmi, 19, 31),
  ...rarerTests.map((test): Measurable => ({ kind: 'laboratory', test })),
].slice(0, 200)

/** Sums of 1/rank, up to each rank. */
const shares = measurables
  .map((_, i) => 1 / (i + 1))
  .map((_, i, all) => all.slice(0, i + 1).reduce((sum, one) => sum + one, 0))
const whole = shares.at(-1) ?? 1

function drawMeasurable(random: Random): Measurable {
  const point = random.next() * whole
  let low = 0
  let high = shares.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((shares[middle] ?? 0) < point) low = middle + 1
    else high = middle
  }
  return measurables[low] as Measurable
}

function patientLine(random: Random, number: number): string {
  const sex = random.pick(['female', 'male'])
  return resourceLine('6.1.0', 'Patient', `o${number}`, ['us-core-patient'], {
    identifier: [{ system: 'urn:charthouse:sandbox:mrn', value: `LOAD-${number}` }],
    active: true,
    name: [{ use: 'official', family: `Load${number}`, given: [sex === 'female' ? 'Ada' : 'Alan'] }],
    gender: sex,
    birthDate: `${random.whole(1930, 2005)}-0${random.whole(1, 9)}-1${random.whole(0, 9)}`,
  })
}

const categories = { laboratory: [observationCategory('laboratory')], vital: [observationCategory('vital-signs')] }
const performers: readonly Reference[] = clinicians.map(clinicianReference)
const laboratory = organizationReference('laboratory-1')
const method = concept(systems.snomed, '703725008', 'Automated technique (qualifier value)', 'Automated')

function observationLine(random: Random, patient: number, i: number, at: number): string {
  const { kind, test, ...rest } = drawMeasurable(random)
  const [code, name, short, unit, low, high, decimals] = test
  const value = rounded(random.around((low + high) / 2, (high - low) * 0.35), decimals)
  const said = kind === 'laboratory' ? { ...measured(test, value), method } : { valueQuantity: quantity(value, unit) }
  const profile = 'profile' in rest ? ['us-core-vital-signs', rest.profile] : ['us-core-observation-lab']
  return resourceLine('6.1.0', 'Observation', `o${patient}-${i}`, profile, {
    identifier: [{ system: 'urn:charthouse:sandbox:result', value: `R-${patient}-${i}` }],
    status: 'final',
    category: categories[kind],
    code: loinc(code, name, short),
    subject: { reference: `Patient/o${patient}`, display: `Load${patient}` },
    effectiveDateTime: dateTime(at),
    issued: instant(at + 5_400_000),
    performer: [random.pick(performers), laboratory],
    ...said,
  })
}

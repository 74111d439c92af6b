import { date, dayMs } from '../calendar.ts'
import { absent, type Body, observationCategory, quantity } from '../coding.ts'
import { averageBloodPressure, bloodPressure, pulseOximetry, type VitalSign, vitalSigns } from '../facts/vital-signs.ts'
import { suffers } from '../life/ailments.ts'
import { measuresAt, percentile } from '../life/frame.ts'
import { happens, type Person, type Visit } from '../life/index.ts'
import { rounded } from '../random.ts'
import { hasProfile } from '../us-core.ts'
import { writeObservation } from './observation.ts'

const categories = [observationCategory('vital-signs')]

/** https://hl7.org/fhir/us/core/StructureDefinition-us-core-vital-signs.html and its kin */
export function writeVitalSigns(person: Person, visit: Visit) {
  // The one visit at which nobody could be measured, for somebody who can say why.
  if (person.cast && visit.index === 1) return writeNothingMeasured(person, visit)
  const { random, frame, sex } = person
  const { heightCm, weightKg } = measuresAt(frame, sex, visit.age)
  const expecting = visit.week === undefined ? 0 : visit.week * 0.32
  const weight = weightKg * (1 + (random.next() - 0.5) * 0.03) + expecting
  const write = (sign: VitalSign, value: number) => writeSign(person, visit, sign, value)
  if (visit.kind !== 'acute' || visit.age < 18) write(vitalSigns.height, heightCm)
  write(vitalSigns.weight, weight)
  write(vitalSigns.heartRate, (visit.age < 12 ? 125 - visit.age * 4.2 : 74) + random.around(0, 7))
  write(vitalSigns.respiratoryRate, (visit.age < 12 ? 38 - visit.age * 1.7 : 15) + random.around(0, 1.5))
  write(vitalSigns.temperature, (visit.kind === 'acute' ? 37.6 : 36.7) + random.around(0, 0.3))
  if (visit.age >= 2) write(vitalSigns.bmi, weight / (heightCm / 100) ** 2)
  if (visit.age < 20) writeGrowth(person, visit)
  if (visit.age >= 3) writeBloodPressure(person, visit)
  if (visit.kind !== 'wellness' || visit.index % 3 === 0) writePulseOximetry(person, visit)
}

function writeSign(person: Person, visit: Visit, sign: VitalSign, value: number) {
  writeObservation(person, visit, {
    profiles: ['us-core-vital-signs', sign.profile],
    categories,
    code: sign.code,
    says: { valueQuantity: quantity(rounded(value, sign.decimals), sign.unit, sign.ucum) },
  })
}

function writeGrowth(person: Person, visit: Visit) {
  const { frame, sex } = person
  if (visit.age < 3) {
    writeSign(person, visit, vitalSigns.headCircumference, measuresAt(frame, sex, visit.age).headCm)
    writeSign(person, visit, vitalSigns.headPercentile, percentile(frame.headDeviation))
    writeSign(person, visit, vitalSigns.weightForLength, percentile(frame.weightDeviation - frame.heightDeviation / 2))
  } else {
    writeSign(person, visit, vitalSigns.bmiPercentile, percentile(frame.weightDeviation - frame.heightDeviation / 2))
  }
}

const pressure = (value: number) => quantity(Math.round(value), 'mmHg', 'mm[Hg]')

/** Rises with age; high blood pressure comes down slowly once it is treated. */
function pressures(person: Person, visit: Visit): readonly [systolic: number, diastolic: number] {
  const { random, frame, ailments } = person
  const ofAge = visit.age < 18 ? 88 + visit.age * 1.6 : 113 + Math.max(0, visit.age - 30) * 0.28
  const isHigh = suffers(ailments, '59621000', visit.start)
  const excess = isHigh ? Math.max(8, 30 - visit.index * 1.2) : 0
  const systolic = ofAge + excess + frame.systolicOffset + random.around(0, 4)
  return [systolic, systolic * 0.55 + 10 + random.around(0, 3)]
}

function writeBloodPressure(person: Person, visit: Visit) {
  const [systolic, diastolic] = pressures(person, visit)
  writeObservation(person, visit, {
    profiles: ['us-core-vital-signs', 'us-core-blood-pressure'],
    categories,
    code: bloodPressure.panel,
    says: {
      component: [
        { code: bloodPressure.systolic, valueQuantity: pressure(systolic) },
        { code: bloodPressure.diastolic, valueQuantity: pressure(diastolic) },
      ],
    },
  })
}

function writePulseOximetry(person: Person, visit: Visit) {
  const { random, cast } = person
  const onOxygen = visit.kind === 'inpatient' || (cast !== undefined && visit.index % 6 === 0)
  const component: readonly Body[] = [
    { code: pulseOximetry.flowRate, valueQuantity: quantity(rounded(random.around(3, 0.8), 1), 'L/min') },
    { code: pulseOximetry.concentration, valueQuantity: quantity(random.whole(28, 36), '%') },
  ]
  writeObservation(person, visit, {
    profiles: ['us-core-vital-signs', 'us-core-pulse-oximetry'],
    categories,
    code: pulseOximetry.code,
    says: {
      valueQuantity: quantity(Math.min(100, Math.round(random.around(onOxygen ? 94 : 97.5, 1.2))), '%'),
      ...(onOxygen ? { component } : {}),
    },
  })
}

/** The mean of what the patient measured at home in the week before (US Core 7.0.0). */
export function writeAverageBloodPressure(person: Person, visit: Visit) {
  if (!hasProfile(person.version, 'us-core-average-blood-pressure')) return
  if (visit.age < 30 || !happens(person, 0.08)) return
  const isMissing = person.cast !== undefined && visit.index % 2 === 0
  const [systolic, diastolic] = pressures(person, visit)
  const value = (amount: number) =>
    isMissing ? { dataAbsentReason: absent('unknown', 'Unknown') } : { valueQuantity: pressure(amount - 3) }
  writeObservation(person, visit, {
    profiles: ['us-core-average-blood-pressure'],
    categories,
    code: averageBloodPressure.panel,
    effective: { effectivePeriod: { start: date(visit.start - 7 * dayMs), end: date(visit.start) } },
    says: {
      component: [
        { code: averageBloodPressure.systolic, ...value(systolic) },
        { code: averageBloodPressure.diastolic, ...value(diastolic) },
      ],
    },
    performer: person.subject,
  })
}

/** Every sign with the reason why there is none. */
function writeNothingMeasured(person: Person, visit: Visit) {
  const reason = absent('asked-declined', 'Asked But Declined')
  // A body mass index that cannot be computed is not an Observation: FHIR's own profile insists on its value.
  const signs = Object.values(vitalSigns).filter(
    (sign) => sign !== vitalSigns.bmi && (visit.age < 3 || !isOfInfants(sign)),
  )
  for (const sign of signs) {
    writeObservation(person, visit, {
      profiles: ['us-core-vital-signs', sign.profile],
      categories,
      code: sign.code,
      says: { dataAbsentReason: reason },
    })
  }
  const missing = (code: Body) => ({ code, dataAbsentReason: reason })
  writeObservation(person, visit, {
    profiles: ['us-core-vital-signs', 'us-core-blood-pressure'],
    categories,
    code: bloodPressure.panel,
    says: {
      dataAbsentReason: reason,
      component: [bloodPressure.systolic, bloodPressure.diastolic].map((code) => missing({ ...code })),
    },
  })
  writeObservation(person, visit, {
    profiles: ['us-core-vital-signs', 'us-core-pulse-oximetry'],
    categories,
    code: pulseOximetry.code,
    says: {
      dataAbsentReason: reason,
      component: [pulseOximetry.flowRate, pulseOximetry.concentration].map((code) => missing({ ...code })),
    },
  })
}

const infants: readonly VitalSign[] = [
  vitalSigns.headCircumference,
  vitalSigns.headPercentile,
  vitalSigns.weightForLength,
  vitalSigns.bmiPercentile,
]
const isOfInfants = (sign: VitalSign) => infants.includes(sign)

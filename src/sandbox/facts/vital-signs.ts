import { type Concept, loinc, systems } from '../coding.ts'

export interface VitalSign {
  readonly code: Concept
  readonly profile: string
  readonly unit: string
  readonly ucum: string
  readonly decimals: number
}

const sign = (
  code: string,
  name: string,
  profile: string,
  unit: string,
  ucum: string,
  decimals: number,
): VitalSign => ({
  code: loinc(code, name),
  profile,
  unit,
  ucum,
  decimals,
})

// biome-ignore format: one sign a line
export const vitalSigns = {
  height: sign('8302-2', 'Body height', 'us-core-body-height', 'cm', 'cm', 1),
  weight: sign('29463-7', 'Body weight', 'us-core-body-weight', 'kg', 'kg', 1),
  bmi: sign('39156-5', 'Body mass index (BMI) [Ratio]', 'us-core-bmi', 'kg/m2', 'kg/m2', 1),
  heartRate: sign('8867-4', 'Heart rate', 'us-core-heart-rate', 'beats/minute', '/min', 0),
  respiratoryRate: sign('9279-1', 'Respiratory rate', 'us-core-respiratory-rate', 'breaths/minute', '/min', 0),
  temperature: sign('8310-5', 'Body temperature', 'us-core-body-temperature', 'degrees C', 'Cel', 1),
  headCircumference: sign('9843-4', 'Head Occipital-frontal circumference', 'us-core-head-circumference', 'cm', 'cm', 1),
  headPercentile: sign('8289-1', 'Head Occipital-frontal circumference Percentile', 'head-occipital-frontal-circumference-percentile', '%', '%', 0),
  bmiPercentile: sign('59576-9', 'Body mass index (BMI) [Percentile] Per age and sex', 'pediatric-bmi-for-age', '%', '%', 0),
  weightForLength: sign('77606-2', 'Weight-for-length Per age and sex', 'pediatric-weight-for-height', '%', '%', 0),
} as const

export const bloodPressure = {
  panel: loinc('85354-9', 'Blood pressure panel with all children optional', 'Blood pressure'),
  systolic: loinc('8480-6', 'Systolic blood pressure'),
  diastolic: loinc('8462-4', 'Diastolic blood pressure'),
}

export const averageBloodPressure = {
  panel: loinc('96607-7', 'Blood pressure panel mean systolic and mean diastolic', 'Average blood pressure'),
  systolic: loinc('96608-5', 'Systolic blood pressure mean'),
  diastolic: loinc('96609-3', 'Diastolic blood pressure mean'),
}

export const pulseOximetry = {
  code: {
    coding: [
      { system: systems.loinc, code: '59408-5', display: 'Oxygen saturation in Arterial blood by Pulse oximetry' },
      { system: systems.loinc, code: '2708-6', display: 'Oxygen saturation in Arterial blood' },
    ],
    text: 'Oxygen saturation',
  } satisfies Concept,
  flowRate: loinc('3151-8', 'Inhaled oxygen flow rate'),
  concentration: loinc('3150-0', 'Inhaled oxygen concentration'),
}

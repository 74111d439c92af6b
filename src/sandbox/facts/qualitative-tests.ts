import { type Body, type Concept, concept, loinc, snomed, systems } from '../coding.ts'

/** A test whose result is a word: some of them a code, some of them a text. */
export interface QualitativeTest {
  readonly code: Concept
  readonly values: readonly Body[]
}

const normal = { interpretation: [concept(systems.interpretation, 'N', 'Normal')] }
const abnormal = { interpretation: [concept(systems.interpretation, 'A', 'Abnormal')] }
const negative = { valueCodeableConcept: snomed('260385009', 'Negative (qualifier value)'), ...normal }
const positive = { valueCodeableConcept: snomed('10828004', 'Positive (qualifier value)'), ...abnormal }
const expected = (text: string) => ({ referenceRange: [{ text }] })

export const qualitativeTests: readonly QualitativeTest[] = [
  {
    code: loinc('5799-2', 'Leukocyte esterase [Presence] in Urine by Test strip', 'Leukocyte esterase, urine'),
    values: [negative, negative, negative, positive].map((value) => ({ ...value, ...expected('Negative') })),
  },
  {
    code: loinc('5802-4', 'Nitrite [Presence] in Urine by Test strip', 'Nitrite, urine'),
    values: [negative, negative, negative, positive].map((value) => ({ ...value, ...expected('Negative') })),
  },
  {
    code: loinc('5778-6', 'Color of Urine', 'Color, urine'),
    values: [{ valueString: 'Yellow' }, { valueString: 'Straw' }, { valueString: 'Amber' }],
  },
  {
    code: loinc('5767-9', 'Appearance of Urine', 'Appearance, urine'),
    values: [{ valueString: 'Clear' }, { valueString: 'Slightly cloudy' }],
  },
]

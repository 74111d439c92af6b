import { type Body, type Concept, loinc, quantity, snomed } from '../coding.ts'

/** What is measured or seen outside the laboratory. */
export interface ClinicalResult {
  readonly code: Concept
  readonly category: 'imaging' | 'procedure' | 'exam'
  readonly values: readonly Body[]
}

const sinus = snomed('64730000', 'Normal sinus rhythm (finding)')

export const electrocardiogram: readonly ClinicalResult[] = [
  {
    code: loinc('8625-6', 'P-R Interval'),
    category: 'procedure',
    values: [148, 156, 164, 172].map((value) => ({ valueQuantity: quantity(value, 'ms') })),
  },
  { code: loinc('8884-9', 'Heart rate rhythm'), category: 'procedure', values: [{ valueCodeableConcept: sinus }] },
  {
    code: loinc('8601-7', 'EKG impression'),
    category: 'procedure',
    values: [
      { valueString: 'Sinus rhythm, no acute changes' },
      { valueString: 'Sinus rhythm, unchanged since last year' },
    ],
  },
]

export const imaging: readonly ClinicalResult[] = [
  {
    code: loinc('10230-1', 'Left ventricular Ejection fraction'),
    category: 'imaging',
    values: [52, 55, 58, 61].map((value) => ({ valueQuantity: quantity(value, '%') })),
  },
  {
    code: loinc('24606-6', 'MG Breast Screening'),
    category: 'imaging',
    values: [{ valueCodeableConcept: snomed('17621005', 'Normal (qualifier value)') }],
  },
  {
    code: loinc('19005-8', 'Radiology Imaging study [Impression] (narrative)', 'Impression'),
    category: 'imaging',
    values: [{ valueString: 'No acute cardiopulmonary findings' }, { valueString: 'Clear lungs, normal heart size' }],
  },
]

export const examination: readonly ClinicalResult[] = [
  {
    code: loinc('64098-7', 'Six minute walk test'),
    category: 'exam',
    values: [380, 420, 465].map((value) => ({ valueQuantity: quantity(value, 'm') })),
  },
]

/** The data types that every builder writes, in the shapes FHIR's JSON gives them. */
export interface Coding {
  readonly system: string
  readonly code: string
  readonly display?: string
}
export interface Concept {
  readonly coding: readonly Coding[]
  readonly text?: string
}
export interface Reference {
  readonly reference: string
  readonly display?: string
}
export interface Quantity {
  readonly value: number
  readonly unit: string
  readonly system: string
  readonly code: string
}
export type Body = Readonly<Record<string, unknown>>

export const systems = {
  loinc: 'http://loinc.org',
  snomed: 'http://snomed.info/sct',
  rxnorm: 'http://www.nlm.nih.gov/research/umls/rxnorm',
  cvx: 'http://hl7.org/fhir/sid/cvx',
  icd10: 'http://hl7.org/fhir/sid/icd-10-cm',
  ucum: 'http://unitsofmeasure.org',
  npi: 'http://hl7.org/fhir/sid/us-npi',
  race: 'urn:oid:2.16.840.1.113883.6.238',
  dataAbsent: 'http://terminology.hl7.org/CodeSystem/data-absent-reason',
  observationCategory: 'http://terminology.hl7.org/CodeSystem/observation-category',
  interpretation: 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation',
  actCode: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
  roleCode: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode',
  identifierType: 'http://terminology.hl7.org/CodeSystem/v2-0203',
  usCoreCategory: 'http://hl7.org/fhir/us/core/CodeSystem/us-core-category',
  usCoreTags: 'http://hl7.org/fhir/us/core/CodeSystem/us-core-tags',
  nucc: 'http://nucc.org/provider-taxonomy',
  /** Marks that the generator itself makes: members of the cover, records of a kind. */
  sandbox: 'urn:charthouse:sandbox',
} as const

export function concept(system: string, code: string, display: string, text: string = display): Concept {
  return { coding: [{ system, code, display }], text }
}
export const loinc = (code: string, display: string, text?: string) => concept(systems.loinc, code, display, text)
export const snomed = (code: string, display: string, text: string = withoutTag(display)) =>
  concept(systems.snomed, code, display, text)

/** "Asthma (disorder)" is said "Asthma". */
const withoutTag = (display: string) => display.replace(/ \([a-z /]+\)$/, '')

export const quantity = (value: number, unit: string, code: string = unit): Quantity => ({
  value,
  unit,
  system: systems.ucum,
  code,
})

export const unknownValue: Concept = {
  coding: [{ system: systems.dataAbsent, code: 'unknown', display: 'Unknown' }],
  text: 'Unknown',
}
export const absent = (reason: string, display: string): Concept => ({
  coding: [{ system: systems.dataAbsent, code: reason, display }],
  text: display,
})
/** Goes where a primitive value would stand, in the twin element with the underscore. */
export const unknownPrimitive = {
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
}

const categoryDisplays: Readonly<Record<string, string>> = {
  'vital-signs': 'Vital Signs',
  laboratory: 'Laboratory',
  'social-history': 'Social History',
  survey: 'Survey',
  imaging: 'Imaging',
  procedure: 'Procedure',
  exam: 'Exam',
  therapy: 'Therapy',
  activity: 'Activity',
}
export const observationCategory = (code: string): Concept =>
  concept(systems.observationCategory, code, categoryDisplays[code] ?? code)

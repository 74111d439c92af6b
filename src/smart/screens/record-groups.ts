/** How the consent page sorts resource types, and which ones it names one by one when an app asks for all (`*`). */

// biome-ignore format: one group a line
export const recordGroups = {
  you:       ['Patient', 'RelatedPerson', 'Person'],
  problems:  ['Condition', 'FamilyMemberHistory', 'ClinicalImpression', 'DetectedIssue', 'RiskAssessment', 'AdverseEvent'],
  allergies: ['AllergyIntolerance'],
  medicines: ['MedicationRequest', 'MedicationDispense', 'MedicationStatement', 'MedicationAdministration', 'Medication'],
  results:   ['Observation', 'DiagnosticReport', 'Specimen', 'ImagingStudy', 'Media'],
  notes:     ['DocumentReference', 'Composition', 'Binary', 'QuestionnaireResponse', 'Communication'],
  visits:    ['Encounter', 'Appointment', 'EpisodeOfCare'],
  care:      ['Procedure', 'Immunization', 'Device', 'NutritionOrder', 'VisionPrescription'],
  plans:     ['CarePlan', 'CareTeam', 'Goal', 'ServiceRequest', 'Task', 'Consent'],
  insurance: ['Coverage', 'Claim', 'ExplanationOfBenefit', 'Account'],
  people:    ['Practitioner', 'PractitionerRole', 'Organization', 'Location', 'HealthcareService'],
  origin:    ['Provenance'],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type RecordGroup = keyof typeof recordGroups | 'other'

const groups = Object.entries(recordGroups) as readonly (readonly [RecordGroup, readonly string[]])[]

/** In the order of the groups. */
export const starTypes: readonly string[] = groups.flatMap(([, types]) => types)

export function groupOf(type: string): RecordGroup {
  return groups.find(([, types]) => types.includes(type))?.[0] ?? 'other'
}

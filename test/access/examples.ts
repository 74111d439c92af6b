/** Who asks: a principal for each way in which a token can be limited. */
import type { Example } from './model.ts'

const laboratory = 'category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory'
const vitalSigns = 'category=http://terminology.hl7.org/CodeSystem/observation-category|vital-signs'

const inPerson = { user: 'Patient/p1', role: 'patient', patients: ['p1'] } as const
const guardian = { user: 'RelatedPerson/rp-p2', role: 'guardian', patients: ['p1', 'p2'] } as const
const clinician = { user: 'Practitioner/dr2', role: 'clinician' } as const
const stranger = { user: 'Practitioner/dr3', role: 'clinician' } as const
const auditor = { user: 'Practitioner/dr1', role: 'auditor' } as const

const north: readonly Omit<Example, 'practice'>[] = [
  { name: 'a patient in person', scope: 'patient/*.rs', ...inPerson },
  { name: 'a patient in person by user scopes', scope: 'user/*.rs', ...inPerson },
  { name: 'a patient context without a person', scope: 'patient/*.rs', patients: ['p3'] },
  { name: 'a patient with two types', scope: 'patient/Observation.rs patient/Patient.rs', ...inPerson },
  {
    name: 'a patient with laboratory only',
    scope: `patient/Observation.rs?${laboratory} patient/Patient.rs patient/Provenance.rs`,
    ...inPerson,
  },
  {
    name: 'a patient with laboratory or vital signs',
    scope: `patient/Observation.rs?${laboratory} patient/Observation.rs?${vitalSigns}`,
    ...inPerson,
  },
  {
    name: 'a patient with laboratory of one code',
    scope: `patient/Observation.rs?${laboratory}&code=1-1 patient/Patient.rs`,
    ...inPerson,
  },
  { name: 'a patient who may read only', scope: 'patient/*.r', ...inPerson },
  { name: 'a patient who may search only', scope: 'patient/*.s', ...inPerson },
  { name: 'a patient with scopes of the first version', scope: 'patient/*.read', ...inPerson },
  { name: 'a merged patient', scope: 'patient/*.rs', user: 'Patient/p4', role: 'patient', patients: ['p4'] },
  { name: 'a guardian of two', scope: 'user/*.rs', ...guardian },
  { name: 'a guardian with one child in context', scope: 'patient/*.rs', ...guardian, patients: ['p2'] },
  { name: 'a clinician', scope: 'user/*.rs', ...clinician },
  {
    name: 'a clinician with vital signs and Encounter',
    scope: `user/Observation.rs?${vitalSigns} user/Encounter.rs user/Binary.rs`,
    ...clinician,
  },
  { name: 'a clinician with the scope of audit', scope: 'user/*.rs user/AuditEvent.rs', ...clinician },
  { name: 'an auditor', scope: 'user/AuditEvent.rs user/Patient.rs', ...auditor },
  { name: 'an auditor without the scope by name', scope: 'user/*.rs', ...auditor },
  { name: 'the operator', scope: 'system/*.rs' },
  {
    name: 'the operator with laboratory and reading Patient',
    scope: `system/Observation.rs?${laboratory} system/Patient.r system/Provenance.rs`,
  },
  {
    name: 'the operator with documents',
    scope: 'system/DocumentReference.rs system/Binary.rs system/Provenance.rs system/Device.rs',
  },
  { name: 'an app that is not permitted', scope: 'system/*.rs', client: 'app-none' },
  {
    name: 'an app that is permitted two types',
    scope: 'system/*.rs',
    client: 'app-types',
    permission: { isEnabled: true, scopes: 'system/*.rs', types: ['Observation', 'Patient'] },
  },
  {
    name: 'an app that is permitted by constraint',
    scope: 'system/*.rs',
    client: 'app-scopes',
    permission: { isEnabled: true, scopes: 'system/Patient.rs system/Encounter.s' },
  },
  {
    name: 'an app that is permitted a group',
    scope: 'system/*.rs',
    client: 'app-groups',
    permission: { isEnabled: true, scopes: 'system/*.rs', groups: ['g1'] },
  },
  {
    name: 'an app that was switched off',
    scope: 'system/*.rs',
    client: 'app-off',
    permission: { isEnabled: false, scopes: 'system/*.rs' },
  },
  { name: 'patient scopes without a patient', scope: 'patient/*.rs user/*.rs', ...clinician },
  { name: 'patient scopes of two patients', scope: 'patient/*.rs', ...guardian },
  { name: 'user scopes without a user', scope: 'user/*.rs' },
  {
    name: 'a patient who is linked to nobody',
    scope: 'user/*.rs',
    user: 'RelatedPerson/none',
    role: 'guardian',
    patients: [],
  },
  { name: 'no scopes', scope: '', ...clinician },
  { name: 'scopes that cannot be read', scope: 'patient/Nonsense.rs patient/*.sr user/Observation', ...inPerson },
]

const south: readonly Omit<Example, 'practice'>[] = [
  { name: 'an assigned clinician', scope: 'user/*.rs', ...clinician },
  {
    name: 'an assigned clinician with laboratory',
    scope: `user/Observation.rs?${laboratory} user/Patient.rs user/Device.rs`,
    ...clinician,
  },
  { name: 'a clinician assigned to nobody', scope: 'user/*.rs', ...stranger },
  { name: 'a patient at another practice', scope: 'patient/*.rs', ...inPerson },
]

export const examples: readonly Example[] = [
  ...north.map((example) => ({ ...example, practice: 'north' })),
  ...south.map((example) => ({ ...example, practice: 'south' })),
]

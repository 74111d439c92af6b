import assert from 'node:assert/strict'
import { test } from 'node:test'
import { access, seeAs } from './access.ts'
import type { Clause, Interaction, Principal } from './decision.ts'
import { practice, principals } from './example-principals.ts'
import type { PracticeRules } from './practice-rules.ts'

const all = 'cruds'
const { patientContext, patient, guardian, clinician, auditor, operator, backend } = principals
const assigned: PracticeRules = { ...practice, visibility: 'assigned' }
const plain: Clause = { where: [], hidden: [] }
const of = (...patients: string[]): Clause => ({ patients, where: [], hidden: [] })
const following: Clause = { follows: true, where: [], hidden: [] }

interface Example {
  readonly says: string
  readonly who: Principal
  readonly to?: Interaction
  readonly type: string
  readonly at?: PracticeRules
  readonly sees: readonly Clause[] | undefined
}

const examples: readonly Example[] = [
  // whose
  { says: 'patient/ reaches the patient', who: patientContext('patient/*.rs'), type: 'Observation', sees: [of('1')] },
  {
    says: 'patient/ reaches Patient itself',
    who: patientContext('patient/Patient.r'),
    type: 'Patient',
    to: 'read',
    sees: [of('1')],
  },
  { says: 'user/ of a patient too', who: patient('user/*.rs'), type: 'Observation', sees: [of('1')] },
  {
    says: 'user/ of a guardian every linked one',
    who: guardian('user/*.rs'),
    type: 'Observation',
    sees: [of('1', '2')],
  },
  { says: 'user/ of a clinician everybody', who: clinician('user/*.rs'), type: 'Observation', sees: [plain] },
  {
    says: 'or the assigned',
    who: clinician('user/*.rs'),
    type: 'Observation',
    at: assigned,
    sees: [{ ...plain, assignedTo: 'Practitioner/9' }],
  },
  {
    says: 'break-glass widens it',
    who: { ...clinician('user/*.rs'), breakGlass: true },
    type: 'Observation',
    at: assigned,
    sees: [plain],
  },
  { says: 'user/ without a user nobody', who: backend('user/*.rs'), type: 'Observation', sees: undefined },
  {
    says: 'user/ of a guardian without link nobody',
    who: { ...guardian('user/*.rs'), patients: [] },
    type: 'Observation',
    sees: undefined,
  },
  {
    says: 'user/ of a patient without further links the patient',
    who: { ...patient('user/*.rs'), patients: [] },
    type: 'Observation',
    sees: [of('1')],
  },
  {
    says: 'a role never widens what the user is',
    who: { ...patient('user/*.rs'), role: 'clinician' },
    type: 'Observation',
    sees: [of('1')],
  },
  { says: 'system/ of the operator everybody', who: operator('system/*.rs'), type: 'Observation', sees: [plain] },
  {
    says: 'several scopes are a union',
    who: { ...clinician('patient/Observation.rs user/Observation.rs'), patients: ['1'] },
    type: 'Observation',
    sees: [plain],
  },
  {
    says: 'the same twice is once',
    who: patientContext('patient/*.rs patient/Observation.rs'),
    type: 'Observation',
    sees: [of('1')],
  },
  // S-3
  { says: 'patient/ without a patient is nothing', who: backend('patient/*.rs'), type: 'Observation', sees: undefined },
  { says: 'nor a shared type', who: backend('patient/*.rs'), type: 'Organization', sees: undefined },
  { says: 'nor an open one', who: backend('patient/*.rs'), type: 'ValueSet', sees: undefined },
  { says: 'nor through other scopes', who: clinician('patient/*.rs user/*.rs'), type: 'Observation', sees: undefined },
  {
    says: 'two patients are not one',
    who: { ...backend('patient/*.rs'), patients: ['1', '2'] },
    type: 'Observation',
    sees: undefined,
  },
  // what kind of type
  {
    says: 'a Device without patient is shared',
    who: patientContext('patient/*.rs'),
    type: 'Device',
    sees: [{ ...of('1'), orNobodys: true }],
  },
  {
    says: 'for the assigned too',
    who: clinician('user/*.rs'),
    type: 'Device',
    at: assigned,
    sees: [{ ...plain, assignedTo: 'Practitioner/9', orNobodys: true }],
  },
  {
    says: 'but no patient may change it',
    who: patientContext('patient/*.cud'),
    type: 'Device',
    to: 'update',
    sees: [of('1')],
  },
  {
    says: 'Organization is shared',
    who: patientContext('patient/Organization.rs'),
    type: 'Organization',
    sees: [plain],
  },
  { says: 'and takes a scope', who: patientContext('patient/Patient.rs'), type: 'Organization', sees: undefined },
  {
    says: 'no patient may write it',
    who: patientContext('patient/*.cruds'),
    type: 'Organization',
    to: 'update',
    sees: undefined,
  },
  { says: 'ValueSet takes none', who: patientContext('patient/Patient.rs'), type: 'ValueSet', sees: [plain] },
  { says: 'except to write', who: operator('system/Patient.cruds'), type: 'ValueSet', to: 'update', sees: undefined },
  { says: 'Group is kept from patients', who: patientContext('patient/Group.rs'), type: 'Group', sees: undefined },
  { says: 'and guardians', who: guardian('user/*.rs'), type: 'Group', sees: undefined },
  {
    says: 'and from those who see the assigned only',
    who: clinician('user/*.rs'),
    type: 'Group',
    at: assigned,
    sees: undefined,
  },
  { says: 'a clinician sees it', who: clinician('user/Group.rs'), type: 'Group', sees: [plain] },
  {
    says: "Provenance follows in a patient's context",
    who: patientContext('patient/*.rs'),
    type: 'Provenance',
    sees: [following],
  },
  {
    says: 'and with assigned patients',
    who: clinician('user/*.rs'),
    type: 'Provenance',
    at: assigned,
    sees: [following],
  },
  {
    says: 'and with some types only',
    who: clinician('user/Provenance.rs user/Patient.rs'),
    type: 'Provenance',
    sees: [following],
  },
  { says: 'and stands alone for those who see all', who: clinician('user/*.rs'), type: 'Provenance', sees: [plain] },
  { says: 'AuditEvent is not in *', who: auditor('user/*.rs'), type: 'AuditEvent', sees: undefined },
  { says: 'and takes a role', who: clinician('user/AuditEvent.rs'), type: 'AuditEvent', sees: undefined },
  { says: 'that the operator lacks', who: operator('system/AuditEvent.rs'), type: 'AuditEvent', sees: undefined },
  { says: 'an auditor has it', who: auditor('user/AuditEvent.rs'), type: 'AuditEvent', sees: [plain] },
  {
    says: "not in a patient's context",
    who: { ...auditor('patient/AuditEvent.rs'), patients: ['1'] },
    type: 'AuditEvent',
    sees: undefined,
  },
  {
    says: 'and nobody writes it',
    who: auditor('user/AuditEvent.cruds'),
    type: 'AuditEvent',
    to: 'update',
    sees: undefined,
  },
  // writes
  {
    says: "writes take the practice's switch",
    who: operator('system/*.cruds'),
    type: 'Patient',
    to: 'create',
    at: { ...practice, writes: false },
    sees: undefined,
  },
  {
    says: 'and another one for patients',
    who: patientContext('patient/*.cruds'),
    type: 'Observation',
    to: 'create',
    at: { ...practice, patientWrites: false },
    sees: undefined,
  },
  {
    says: 'whatever the level',
    who: guardian('user/*.cruds'),
    type: 'Observation',
    to: 'create',
    at: { ...practice, patientWrites: false },
    sees: undefined,
  },
  {
    says: "which clinicians don't need",
    who: clinician('user/*.cruds'),
    type: 'Observation',
    to: 'create',
    at: { ...practice, patientWrites: false },
    sees: [plain],
  },
  // the user's own resource
  {
    says: 'openid fhirUser reads the user',
    who: { ...clinician('openid fhirUser patient/Patient.rs'), patients: ['1'] },
    to: 'read',
    type: 'Practitioner',
    sees: [{ where: [{ kind: 'id', ids: ['9'] }], hidden: [] }],
  },
  {
    says: 'but does not search',
    who: { ...clinician('openid fhirUser patient/Patient.rs'), patients: ['1'] },
    type: 'Practitioner',
    sees: undefined,
  },
  // permission of the practice
  { says: 'system/ takes a permission', who: backend('system/*.rs'), type: 'Patient', sees: undefined },
  {
    says: 'and gets the intersection',
    who: backend('system/*.rs'),
    type: 'Patient',
    at: permitting('system/Patient.rs'),
    sees: [plain],
  },
  {
    says: 'no more than permitted',
    who: backend('system/*.rs'),
    type: 'Observation',
    at: permitting('system/Patient.rs'),
    sees: undefined,
  },
  {
    says: 'no more than asked',
    who: backend('system/Patient.rs'),
    type: 'Observation',
    at: permitting('system/*.rs'),
    sees: undefined,
  },
  {
    says: 'nor another interaction',
    who: backend('system/Patient.cruds'),
    type: 'Patient',
    to: 'delete',
    at: permitting('system/*.rs'),
    sees: undefined,
  },
  {
    says: 'user/ permissions are no system/ ones',
    who: backend('system/Patient.rs'),
    type: 'Patient',
    at: permitting('user/*.rs'),
    sees: undefined,
  },
  {
    says: 'types limit it',
    who: backend('system/*.rs'),
    type: 'Observation',
    at: permitting('system/*.rs', { types: ['Patient'] }),
    sees: undefined,
  },
  {
    says: "groups keep patients' rows to exports",
    who: backend('system/*.rs'),
    type: 'Patient',
    at: permitting('system/*.rs', { groups: ['g'] }),
    sees: undefined,
  },
  {
    says: 'where they are seen',
    who: backend('system/*.rs'),
    type: 'Patient',
    at: { ...permitting('system/*.rs', { groups: ['g'] }), isExport: true },
    sees: [plain],
  },
  {
    says: 'and other groups hidden',
    who: backend('system/*.rs'),
    type: 'Group',
    at: permitting('system/*.rs', { groups: ['g'] }),
    sees: [{ where: [{ kind: 'id', ids: ['g'] }], hidden: [] }],
  },
  {
    says: 'Provenance follows where types are limited',
    who: backend('system/*.rs'),
    type: 'Provenance',
    at: permitting('system/*.rs', { types: ['Provenance'] }),
    sees: [following],
  },
  {
    says: 'a suspended app has nothing',
    who: patient('user/*.rs'),
    type: 'ValueSet',
    at: permitting('user/*.rs', { isEnabled: false }),
    sees: undefined,
  },
  {
    says: "which the operator can't be",
    who: operator('system/*.rs'),
    type: 'Patient',
    at: permitting('', { isEnabled: false }),
    sees: [plain],
  },
  // entries that can't be read
  {
    says: 'a malformed scope grants nothing',
    who: operator('system/Observation.sr'),
    type: 'Observation',
    sees: undefined,
  },
]

for (const { says, who, to = 'search', type, at = practice, sees } of examples) {
  test(`access(): ${says} (${to} ${type}, ${who.scopes})`, () => {
    assert.deepEqual(access(who, to, type, at)?.any, sees)
  })
}

test('access() refuses what is no type of R4', () => {
  assert.throws(() => access(operator('system/*.rs'), 'read', 'Foo', practice), { kind: 'forbidden' })
})

test('seeAs() answers for each type as access() does', () => {
  const see = seeAs(patientContext(`patient/Observation.${all}`), 'search', practice)
  assert.deepEqual(see('Observation')?.any, [of('1')])
  assert.equal(see('Condition'), undefined)
})

function permitting(scopes: string, more: Partial<NonNullable<PracticeRules['permission']>> = {}): PracticeRules {
  return { ...practice, permission: { isEnabled: true, scopes, ...more } }
}

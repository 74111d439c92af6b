import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ownerSearchParameters, ownershipOf, patientOf, unknownPatient } from './ownership.ts'
import { ownershipTable } from './ownership-table.ts'
import { resourceTypes } from './resource-types.ts'

const bases = ['https://ehr.example/sandbox/fhir/r4']

test('the ownership table has a row for each resource type of R4 and no other', () => {
  assert.deepEqual(Object.keys(ownershipTable).sort(), [...resourceTypes].sort())
})

test('ownershipOf() knows nothing of what is no type', () => {
  for (const name of ['Foo', 'toString', '__proto__']) assert.equal(ownershipOf(name), undefined)
})

const one = { reference: 'Patient/1' }
const two = { reference: 'Patient/2' }

for (const [what, resource, owner] of [
  ['Patient is its own', { resourceType: 'Patient', id: '1' }, 'Patient/1'],
  ['Observation by subject', { resourceType: 'Observation', subject: one }, 'Patient/1'],
  ['not by focus', { resourceType: 'Observation', focus: [one], subject: two }, 'Patient/2'],
  ['nor by performer', { resourceType: 'Observation', performer: [one] }, undefined],
  ['AllergyIntolerance by patient', { resourceType: 'AllergyIntolerance', patient: one }, 'Patient/1'],
  ['Coverage by beneficiary', { resourceType: 'Coverage', subscriber: two, beneficiary: one }, 'Patient/1'],
  ['Task by for', { resourceType: 'Task', for: one, focus: two }, 'Patient/1'],
  ['ResearchSubject by individual', { resourceType: 'ResearchSubject', individual: one }, 'Patient/1'],
  ['EnrollmentRequest by candidate', { resourceType: 'EnrollmentRequest', candidate: one }, 'Patient/1'],
  [
    'Person by link',
    { resourceType: 'Person', link: [{ target: { reference: 'Practitioner/9' } }, { target: one }] },
    'Patient/1',
  ],
  [
    'Appointment by actor',
    { resourceType: 'Appointment', participant: [{ actor: { reference: 'Location/3' } }, { actor: one }] },
    'Patient/1',
  ],
  [
    "Appointment of two is nobody's",
    { resourceType: 'Appointment', participant: [{ actor: one }, { actor: two }] },
    undefined,
  ],
  [
    'Account naming one patient twice',
    { resourceType: 'Account', subject: [one, { reference: 'Patient/1/_history/3' }] },
    'Patient/1',
  ],
  ['AppointmentResponse by actor', { resourceType: 'AppointmentResponse', actor: one }, 'Patient/1'],
  ['a version is stripped', { resourceType: 'Condition', subject: { reference: 'Patient/1/_history/2' } }, 'Patient/1'],
  [
    'an own URL is relative',
    { resourceType: 'Condition', subject: { reference: `${bases[0]}/Patient/1` } },
    'Patient/1',
  ],
  [
    'own URL and version',
    { resourceType: 'Condition', subject: { reference: `${bases[0]}/Patient/1/_history/2` } },
    'Patient/1',
  ],
  [
    'a foreign URL is nobody here',
    { resourceType: 'Condition', subject: { reference: 'https://other.example/Patient/1' } },
    undefined,
  ],
  ['a base is no prefix', { resourceType: 'Condition', subject: { reference: `${bases[0]}x/Patient/1` } }, undefined],
  ['a Group owns nothing', { resourceType: 'Condition', subject: { reference: 'Group/1' } }, undefined],
  ['a contained patient neither', { resourceType: 'Condition', subject: { reference: '#1' } }, undefined],
  [
    'nor an identifier',
    { resourceType: 'Condition', subject: { type: 'Patient', identifier: { value: '1' } } },
    undefined,
  ],
  [
    'nor a urn',
    { resourceType: 'Condition', subject: { reference: 'urn:uuid:6f5c3c6e-0000-4000-8000-000000000001' } },
    undefined,
  ],
  ['a malformed id neither', { resourceType: 'Condition', subject: { reference: 'Patient/?' } }, undefined],
  ['a wrong shape neither', { resourceType: 'Condition', subject: 'Patient/1' }, undefined],
  ['Device by patient', { resourceType: 'Device', patient: one }, 'Patient/1'],
  ['Device without patient is shared', { resourceType: 'Device' }, undefined],
  ['Device of somebody elsewhere is not', { resourceType: 'Device', patient: { display: 'John' } }, unknownPatient],
  ['Organization is shared', { resourceType: 'Organization' }, undefined],
  ['Group keeps its members', { resourceType: 'Group', member: [{ entity: one }] }, undefined],
  ['what is no type', { resourceType: 'Foo', subject: one }, undefined],
] as const) {
  test(`patientOf(): ${what}`, () => assert.equal(patientOf(resource, bases), owner))
}

for (const [type, codes] of [
  ['Observation', ['patient', 'subject']],
  ['Coverage', ['beneficiary', 'patient']],
  ['Patient', []],
  ['Appointment', []],
  ['Organization', []],
] as const) {
  test(`ownerSearchParameters() of ${type}`, () => assert.deepEqual(ownerSearchParameters(type), codes))
}

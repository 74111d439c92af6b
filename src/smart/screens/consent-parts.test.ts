import assert from 'node:assert/strict'
import { test } from 'node:test'
import { consentParts, grantedScopes } from './consent-parts.ts'
import { starTypes } from './record-groups.ts'

const laboratory = 'http://terminology.hl7.org/CodeSystem/observation-category|laboratory'
const concern = 'http://hl7.org/fhir/us/core/CodeSystem/condition-category|health-concern'

for (const [requested, ticked, granted] of [
  // what was asked comes back as it was spelt
  ['patient/Patient.rs', ['patient/Patient.rs'], ['patient/Patient.rs']],
  ['patient/Patient.read', ['patient/Patient.read'], ['patient/Patient.read']],
  [
    `patient/Observation.rs?category=${laboratory}`,
    [`patient/Observation.rs?category=${laboratory}`],
    [`patient/Observation.rs?category=${laboratory}`],
  ],
  // and nothing that was not ticked, or not asked
  ['patient/Patient.rs patient/Condition.rs', ['patient/Patient.rs'], ['patient/Patient.rs']],
  ['patient/Patient.rs', ['patient/Observation.rs', 'patient/*.rs', 'system/*.rs'], []],
  ['patient/Patient.r', ['patient/Patient.rs'], []],
  ['openid offline_access nonsense/x', ['openid'], []],
  // categories in place of the type (certification 9.15)
  [
    'patient/Observation.rs',
    [`patient/Observation.rs?category=${laboratory}`],
    [`patient/Observation.rs?category=${laboratory}`],
  ],
  [
    'patient/Condition.read',
    [`patient/Condition.rs?category=${concern}`],
    [`patient/Condition.rs?category=${concern}`],
  ],
  // the type says it all
  [
    'patient/Observation.rs',
    ['patient/Observation.rs', `patient/Observation.rs?category=${laboratory}`],
    ['patient/Observation.rs'],
  ],
  // an asked category can not be widened, nor another taken
  [`patient/Observation.rs?category=${laboratory}`, ['patient/Observation.rs'], []],
  [`patient/Condition.rs?category=${concern}`, ['patient/Condition.rs?category=x|y'], []],
  // seeing without changing
  ['patient/Task.cruds', ['patient/Task.rs'], ['patient/Task.rs']],
  ['patient/Task.cruds', ['patient/Task.cud'], ['patient/Task.cud']],
  ['patient/Task.cruds', ['patient/Task.rs', 'patient/Task.cud'], ['patient/Task.cruds']],
  ['patient/Task.*', ['patient/Task.read'], ['patient/Task.read']],
  // some of a star
  ['patient/*.rs', ['patient/Goal.rs', 'patient/Patient.rs'], ['patient/Patient.rs', 'patient/Goal.rs']],
  ['user/*.read', ['user/Goal.read', 'patient/Goal.read'], ['user/Goal.read']],
] as const) {
  test(`grantedScopes() of ${requested} with ${ticked.join(' and ')} ticked`, () => {
    assert.deepEqual(grantedScopes(requested, ticked), granted)
  })
}

for (const requested of ['patient/*.rs', 'patient/*.read', 'user/*.cruds', 'patient/*.rs patient/Goal.rs']) {
  test(`all ticks grant ${requested} as it was asked`, () => {
    const all = consentParts(requested).map(({ value }) => value)
    assert.equal(grantedScopes(requested, all).join(' '), requested)
  })
}

test('consentParts() names each type of a star, so that each can be denied (R7)', () => {
  const named = consentParts('patient/*.rs').map(({ type }) => type)
  assert.deepEqual(named, starTypes)
  const wanted = [
    ...['AllergyIntolerance', 'CarePlan', 'CareTeam', 'Condition', 'Device', 'DiagnosticReport', 'DocumentReference'],
    ...['Goal', 'Immunization', 'Medication', 'MedicationRequest', 'Observation', 'Patient', 'Procedure', 'Provenance'],
    ...['Encounter', 'Coverage', 'Specimen', 'MedicationDispense', 'RelatedPerson', 'ServiceRequest', 'Location'],
  ]
  assert.deepEqual(
    wanted.filter((type) => !named.includes(type)),
    [],
  )
})

test('consentParts() offers the categories of Condition and Observation (R6)', () => {
  const [condition, observation] = consentParts('patient/Condition.rs patient/Observation.rs')
  assert.deepEqual(condition?.instead.map(({ category }) => category).sort(), [
    'encounter-diagnosis',
    'health-concern',
    'problem-list-item',
  ])
  assert.deepEqual(observation?.instead.map(({ category }) => category).sort(), [
    'clinical-test',
    'laboratory',
    'sdoh',
    'social-history',
    'survey',
    'vital-signs',
  ])
})

test('consentParts() tells the category of a scope that was asked with one, however it was escaped', () => {
  const [part] = consentParts(`patient/Condition.rs?category=${encodeURIComponent(concern)}`)
  assert.equal(part?.category, 'health-concern')
})

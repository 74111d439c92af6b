import assert from 'node:assert/strict'
import { test } from 'node:test'
import { offeredScopes } from './offered-scopes.ts'

const types = ['Patient', 'Observation', 'Practitioner', 'Group', 'AuditEvent']

// biome-ignore format: a table
for (const [level, writes, patientWrites, expected] of [
  ['system',  false, false, 'system/*.rs system/*.read system/Patient.rs system/Observation.rs system/Practitioner.rs system/Group.rs system/AuditEvent.rs'],
  ['user',    true,  false, 'user/*.cruds user/*.read user/Patient.cruds user/Observation.cruds user/Practitioner.cruds user/Group.cruds user/AuditEvent.rs'],
  ['patient', true,  false, 'patient/*.rs patient/*.read patient/Patient.rs patient/Observation.rs patient/Practitioner.rs'],
  ['patient', true,  true,  'patient/*.cruds patient/*.read patient/Patient.cruds patient/Observation.cruds patient/Practitioner.rs'],
] as const) {
  test(`offeredScopes() of ${level}/ with writes ${writes} and patientWrites ${patientWrites}`, () => {
    assert.equal(offeredScopes([level], types, { writes, patientWrites }).join(' '), expected)
  })
}

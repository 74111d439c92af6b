import assert from 'node:assert/strict'
import { test } from 'node:test'
import { access } from './access.ts'
import { practice, principals } from './example-principals.ts'
import type { PracticeRules } from './practice-rules.ts'
import { refusal } from './refusal.ts'

const { patientContext, guardian, clinician, operator, backend } = principals
const off: PracticeRules = { ...practice, writes: false, patientWrites: false }

for (const [principal, interaction, type, rules, sentence] of [
  [
    patientContext('patient/Patient.rs'),
    'search',
    'Observation',
    practice,
    "Cannot search Observation: the token's scopes do not allow it, patient/Observation.s would",
  ],
  [
    clinician('user/Patient.rs'),
    'read',
    'Observation',
    practice,
    "Cannot read Observation: the token's scopes do not allow it, user/Observation.r would",
  ],
  [
    operator('system/Patient.rs'),
    'search',
    'Observation',
    practice,
    "Cannot search Observation: the token's scopes do not allow it, system/Observation.s would",
  ],
  [
    operator('system/Observation.r'),
    'search',
    'Observation',
    practice,
    "Cannot search Observation: the token's scopes do not allow it, system/Observation.s would",
  ],
  [
    operator('openid'),
    'search',
    'Observation',
    practice,
    "Cannot search Observation: the token's scopes do not allow it, system/Observation.s would",
  ],
  [
    backend('patient/*.rs'),
    'read',
    'Patient',
    practice,
    'Cannot read Patient: patient/Patient.r is for exactly one patient, and the token names 0',
  ],
  [
    backend('user/*.rs'),
    'read',
    'Patient',
    practice,
    'Cannot read Patient: user/Patient.r takes a user, and the token names none',
  ],
  [
    { ...guardian('user/*.rs'), patients: [] },
    'read',
    'Patient',
    practice,
    'Cannot read Patient: user/Patient.r takes a user who is linked to a patient',
  ],
  [
    backend('system/*.rs'),
    'read',
    'Patient',
    practice,
    'Cannot read Patient: the practice has not permitted this app system/Patient.r',
  ],
  [
    backend('system/*.rs'),
    'read',
    'Patient',
    { ...practice, permission: { isEnabled: false, scopes: '' } },
    'Cannot read Patient: the practice has switched this app off',
  ],
  [
    patientContext('patient/*.rs'),
    'search',
    'Group',
    practice,
    "Cannot search Group: it is never shown in a patient's context; user/Group.s of the practice's staff or system/Group.s would allow it",
  ],
  [
    clinician('user/*.rs'),
    'search',
    'AuditEvent',
    practice,
    'Cannot search AuditEvent: it takes user/AuditEvent.s or system/AuditEvent.s by name and the role auditor or administrator',
  ],
  [
    operator('system/*.cruds'),
    'create',
    'Patient',
    off,
    'Cannot create Patient: the practice takes no writes; where it does, system/Patient.c allows it',
  ],
  [
    patientContext('patient/*.cruds'),
    'create',
    'Observation',
    { ...off, writes: true },
    "Cannot create Observation: apps of patients may not write at this practice; user/Observation.c of the practice's staff or system/Observation.c would allow it",
  ],
  [
    patientContext('patient/*.cruds'),
    'update',
    'Organization',
    practice,
    "Cannot update Organization: it is no patient's own; user/Organization.u of the practice's staff or system/Organization.u would allow it",
  ],
  [
    clinician('user/*.rs'),
    'search',
    'Group',
    { ...practice, visibility: 'assigned' },
    'Cannot search Group: it is outside what this practice shows under user/Group.s',
  ],
] as const) {
  test(`refusal() says: ${sentence}`, () => {
    assert.equal(access(principal, interaction, type, rules), undefined)
    const { kind, message } = refusal(principal, interaction, type, rules)
    assert.deepEqual({ kind, message }, { kind: 'forbidden', message: sentence })
  })
}

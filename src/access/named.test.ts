import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isNamed, type PracticeRules } from './index.ts'

const rules: PracticeRules = { visibility: 'practice', sensitive: [], writes: false, patientWrites: false }
const app = { practice: 1, client: 'app', patients: [], requestId: 'r' }

for (const [scopes, permitted, types, type, named] of [
  ['system/ValueSet.rs', 'system/*.rs', undefined, 'ValueSet', true],
  ['system/*.read', 'system/*.rs', undefined, 'ValueSet', true],
  ['system/Patient.rs', 'system/*.rs', undefined, 'ValueSet', false],
  ['system/*.rs', 'system/Patient.rs', undefined, 'ValueSet', false],
  ['system/*.rs', 'system/*.rs', ['Patient'], 'ValueSet', false],
  ['system/ValueSet.s', 'system/*.rs', undefined, 'ValueSet', false],
  ['system/*.rs', 'system/*.rs', undefined, 'AuditEvent', false],
  ['system/*.rs', 'system/*.rs', undefined, 'Nonsense', false],
] as const) {
  test(`isNamed(): ${scopes} where ${permitted} of ${types ?? 'every type'} is permitted, for ${type}: ${named}`, () => {
    const permission = { isEnabled: true, scopes: permitted, ...(types && { types }) }
    assert.equal(isNamed({ ...app, scopes }, type, { ...rules, permission }), named)
  })
}

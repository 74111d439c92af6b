import assert from 'node:assert/strict'
import { test } from 'node:test'
import { usualScope } from './discovery.ts'

const both = ['permission-v1', 'permission-v2']

for (const [name, capabilities, scopes, scope] of [
  ['a server that says nothing', [], [], 'system/*.read'],
  ['one that knows both spellings', both, ['system/*.rs', 'patient/*.rs'], 'system/*.read'],
  ['one that knows the new spelling only', ['permission-v2'], [], 'system/*.rs'],
  ['one without a star', both, ['openid', 'system/Patient.read', 'system/Group.rs'], 'system/Patient.read'],
  [
    'one without a star, in the new spelling',
    ['permission-v2'],
    ['system/Patient.rs', 'system/Group.r'],
    'system/Patient.rs system/Group.r',
  ],
  ['one that lists more than reading', both, ['system/Patient.cruds', 'system/Patient.write'], 'system/*.read'],
] as const) {
  test(`usualScope() asks ${name} for ${scope}`, () => assert.equal(usualScope({ capabilities, scopes }), scope))
}

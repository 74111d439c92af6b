import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dialects } from '#dialects'
import { narrowed } from './narrowed.ts'

const practice = { dialect: dialects.integra }
const held = 'openid offline launch/patient patient/Observation.rs patient/Goal.read'

for (const [asked, given] of [
  [undefined, held],
  [held, held],
  ['openid patient/Observation.rs?category=a|b', 'openid patient/Observation.rs?category=a|b'],
  ['patient/Observation.r patient/Goal.rs', 'patient/Observation.r patient/Goal.rs'],
  ['offline_access', 'offline_access'],
] as const) {
  test(`narrowed() to ${asked}`, () => assert.equal(narrowed(held, asked, practice), given))
}

for (const asked of [
  'fhirUser',
  'patient/Observation.cruds',
  'patient/*.rs',
  'user/Observation.rs',
  'patient/Foo.rs',
  'x',
]) {
  test(`narrowed() refuses ${asked}`, () => {
    assert.throws(() => narrowed(held, asked, practice), { error: 'invalid_scope' })
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseScope, parseScopes, scopeText } from './scopes.ts'

for (const [text, normalised] of [
  ['patient/Observation.read', 'patient/Observation.rs'],
  ['user/Observation.write', 'user/Observation.cud'],
  ['system/*.*', 'system/*.cruds'],
  ['patient/*.rs', 'patient/*.rs'],
  ['system/Group.r', 'system/Group.r'],
  ['user/Observation.cruds?category=http://x.example/c|laboratory', undefined],
  ['patient/Condition.rs?category=a%2Cb&clinical-status=active', undefined],
  ['system/Patient.rs?_id=1', undefined],
] as const) {
  test(`scopeText() of ${text}`, () => {
    const scope = parseScope(text)
    assert.ok(scope)
    assert.equal(scopeText(scope), normalised ?? text)
  })
}

for (const [text, reason] of [
  ['patient/Observation.dus', /"dus" is neither read, write/],
  ['patient/Observation.', /"" is neither/],
  ['patient/Observation.rr', /"rr" is neither/],
  ['patient/Observation.constructor', /"constructor" is neither/],
  ['patient/Observation', /has no operations/],
  ['patient/Foo.rs', /"Foo" is not a resource type/],
  ['patient/observation.rs', /"observation" is not a resource type/],
  ['user/Observation.read?category=x', /goes with letters/],
  ['user/Observation.rs?', /"" is not the plain name/],
  ['user/Observation.rs?category', /"category" has no value/],
  ['user/Observation.rs?category=', /"category" has no value/],
  ['user/Observation.rs?category:not=x', /"category:not" is not the plain name/],
  ['user/Observation.rs?subject.name=x', /"subject.name" is not the plain name/],
  ['user/Observation.rs?_filter=x', /"_filter" is not the plain name/],
  ['user/Observation.rs\\', /characters that no scope may have/],
  ['user/Observation.rs?category="x"', /characters that no scope may have/],
] as const) {
  test(`parseScope() refuses ${text}`, () => assert.throws(() => parseScope(text), reason))
}

for (const text of ['openid', 'fhirUser', 'launch', 'launch/patient', 'offline_access', 'https://x.example/scope']) {
  test(`parseScope() leaves ${text} to others`, () => assert.equal(parseScope(text), undefined))
}

test('parseScopes() sorts the entries, takes each once and grants nothing for what it cannot read', () => {
  const scopes = parseScopes('openid patient/Patient.rs  patient/Patient.rs patient/Foo.rs')
  assert.deepEqual(
    scopes.resources.map(({ text }) => text),
    ['patient/Patient.rs'],
  )
  assert.deepEqual(scopes.others, ['openid'])
  assert.deepEqual(
    scopes.problems.map(({ kind }) => kind),
    ['incorrect'],
  )
})

test('a constraint keeps the spelling in which it was granted', () => {
  assert.equal(parseScope('user/Observation.rs?code=a%7Cb&category=c')?.constraint, 'code=a%7Cb&category=c')
})

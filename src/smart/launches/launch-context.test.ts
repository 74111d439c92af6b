import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contextMembers, readFhirContext } from './launch-context.ts'

const launch = {
  patient: 'p1',
  intent: 'order',
  fhirContext: [{ reference: 'Task/1' }, { canonical: 'http://x.example/q' }],
}

test('contextMembers() gives fhirContext in the form of the version', () => {
  assert.deepEqual(contextMembers(launch, { smartVersion: '2.2' }), launch)
  assert.deepEqual(contextMembers(launch, { smartVersion: '2.0' }).fhirContext, ['Task/1'])
  assert.deepEqual(contextMembers(launch, { smartVersion: '1.0.0' }), { patient: 'p1', intent: 'order' })
})

test('readFhirContext() takes a patient in another role', () => {
  const text =
    '[{"reference":"Patient/2","role":"https://x.example/sibling"},{"identifier":{"value":"7"},"type":"Task"}]'
  assert.deepEqual(readFhirContext(text), JSON.parse(text))
})

for (const [text, reason] of [
  ['{', /not JSON/],
  ['{}', /not a list/],
  ['[{"type":"Task"}]', /none of reference/],
  ['["Task/1"]', /not an object/],
  ['[{"reference":"Task/1","role":""}]', /"role"/],
  ['[{"reference":"Task/1","role":"mine"}]', /absolute URI/],
  ['[{"reference":"Patient/1"}]', /patient or encounter/],
  ['[{"reference":"Encounter/1","role":"launch"}]', /patient or encounter/],
] as const) {
  test(`readFhirContext() refuses ${text}`, () => assert.throws(() => readFhirContext(text), reason))
}

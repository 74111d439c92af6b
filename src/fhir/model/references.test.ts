import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conditionalReference, isId, parseReference } from './references.ts'

const bases = ['https://a.org/p/fhir/r4', 'https://b.org/']
for (const [text, wanted] of [
  ['Patient/1', { kind: 'relative', type: 'Patient', id: '1' }],
  ['Patient/1/_history/2', { kind: 'relative', type: 'Patient', id: '1', version: '2' }],
  ['https://a.org/p/fhir/r4/Patient/x.y-z', { kind: 'relative', type: 'Patient', id: 'x.y-z' }],
  ['https://b.org/Patient/1/_history/3', { kind: 'relative', type: 'Patient', id: '1', version: '3' }],
  ['https://a.org/p/fhir/r4x/Patient/1', { kind: 'url', url: 'https://a.org/p/fhir/r4x/Patient/1' }],
  ['https://c.org/Patient/1', { kind: 'url', url: 'https://c.org/Patient/1' }],
  ['Person/../Patient/1', { kind: 'url', url: 'Person/../Patient/1' }],
  ['Ward/1', { kind: 'url', url: 'Ward/1' }],
  ['Patient/a_b', { kind: 'url', url: 'Patient/a_b' }],
  [`Patient/${'1'.repeat(65)}`, { kind: 'url', url: `Patient/${'1'.repeat(65)}` }],
  ['Patient?identifier=s|1', { kind: 'url', url: 'Patient?identifier=s|1' }],
  ['#', { kind: 'fragment', fragment: '' }],
  ['#med1', { kind: 'fragment', fragment: 'med1' }],
  ['urn:uuid:1', { kind: 'urn', urn: 'urn:uuid:1' }],
] as const) {
  test(`parseReference() reads ${text.slice(0, 50)}`, () => assert.deepEqual(parseReference(text, bases), wanted))
}

test('conditionalReference() takes type and query apart', () => {
  assert.deepEqual(conditionalReference('Patient?identifier=s|1'), { type: 'Patient', query: 'identifier=s|1' })
  for (const text of ['Patient/1', 'Ward?x=1', 'Patient?', 'https://a.org/Patient?x=1']) {
    assert.equal(conditionalReference(text), undefined)
  }
})

test('isId() knows the letters of an id', () => {
  assert.deepEqual(['a', 'A-1.b', '', 'a/b', 'a\n', 'ä', '1'.repeat(65), 7].map(isId), [
    true,
    true,
    false,
    false,
    false,
    false,
    false,
    false,
  ])
})

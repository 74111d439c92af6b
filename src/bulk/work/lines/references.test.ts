import assert from 'node:assert/strict'
import { test } from 'node:test'
import { References } from './references.ts'

const types = new Set(['Practitioner', 'Organization', 'Location'])

function found(...texts: string[]): readonly string[] {
  const references = new References(types, ['http://x/fhir'])
  const bytes = Buffer.from(texts.join('\n'))
  for (let start = 0, end = 0; start < bytes.length; start = end + 1) {
    end = bytes.indexOf('\n', start)
    if (end < 0) end = bytes.length
    references.read(bytes, start, end)
  }
  return references.take()
}

test('what texts refer to is found wherever it stands, once', () => {
  const texts = [
    '{"performer":[{"reference":"Practitioner/1"},{"reference":"Organization/2","display":"a"}]}',
    '{"reference":"Location/3"}',
    '{"a":{"reference" : \n "Practitioner/1"}}'.replace('\n', '\t'),
  ]
  assert.deepEqual(found(...texts), ['Practitioner/1', 'Organization/2', 'Location/3'])
})

test('what is of a record, of other types or no reference is passed over', () => {
  const texts = [
    '{"subject":{"reference":"Patient/1"},"encounter":{"reference":"Encounter/2"}}',
    '{"reference":"Device/4"}',
    '{"reference":5,"references":"Practitioner/6","xreference":"Practitioner/7","text":"reference"}',
    '{"reference":"#Practitioner/8"}',
  ]
  assert.deepEqual(found(...texts), [])
})

for (const [written, meant] of [
  ['Practitioner\\/1', 'Practitioner/1'],
  ['http://x/fhir/Practitioner/1', 'Practitioner/1'],
  ['http:\\/\\/x\\/fhir\\/Practitioner/1', 'Practitioner/1'],
  ['Practitioner/1/_history/2', 'Practitioner/1'],
] as const) {
  test(`${written} means ${meant}`, () => assert.deepEqual(found(`{"reference":"${written}"}`), [meant]))
}

test('a text ends where it ends, whatever lies behind it', () => {
  assert.deepEqual(found('{"reference"', ':"Practitioner/1"}', '{"reference":"Practitioner/2', '"}'), [])
  assert.deepEqual(found('"refer', 'ence":"Practitioner/1"', '"reference":"Locatio'), [])
})

test('of a name within a name, and of many in a row, none is missed', () => {
  const texts = ['rer"referenc"reference":"Location/1"', '"r"re"ref"reference":"Location/2"']
  assert.deepEqual(found(...texts), ['Location/1', 'Location/2'])
  const many = Array.from({ length: 300 }, (_, i) => `${' '.repeat(i % 23)}{"reference":"Location/${i}"}`)
  assert.equal(found(many.join('')).length, 300)
})

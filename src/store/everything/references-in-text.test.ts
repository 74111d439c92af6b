import assert from 'node:assert/strict'
import { test } from 'node:test'
import { processorMs } from '../../../test/support/processor-time.ts'
import { referencesInText } from './references-in-text.ts'

// biome-ignore format: a table
for (const [what, text, references] of [
  ['a reference',                    '{"subject":{"reference":"Patient/1"}}', ['Patient/1']],
  ['each of several, with spaces',   '{"a":[{"reference" : "Group/1"},\n{"reference":\t"Group/2"}]}', ['Group/1', 'Group/2']],
  ['an escaped slash',               '{"reference":"Patient\\/1"}', ['Patient/1']],
  ['an absolute one',                '{"reference":"http://here/fhir/r4/Patient/1"}', ['http://here/fhir/r4/Patient/1']],
  ['the address of a Binary',        '{"attachment":{"url":"http://here/fhir/r4/Binary/1"}}', ['http://here/fhir/r4/Binary/1']],
  ['no other address',               '{"attachment":{"url":"http://here/1"}}', []],
  ['no object of that name',         '{"reference":{"reference":"Patient/1"}}', ['Patient/1']],
  ['no text that looks like one',    '{"note":"\\"reference\\":\\"Patient/1\\""}', []],
  ['no value of that name',          '{"code":"reference","reference":"Patient/1"}', ['Patient/1']],
] as const) {
  test(`referencesInText() finds ${what}`, () => assert.deepEqual([...referencesInText(text)], references))
}

test('referencesInText() goes through a text that is full of addresses once', () => {
  const text = JSON.stringify({ note: 'Binary/'.repeat(500_000), photo: { url: 'Binary/1' }, quoted: 'a "Binary/2" b' })
  const started = processorMs()
  const found = [...referencesInText(text)]
  assert.ok(found.includes('Binary/1'))
  assert.ok(found.length < 5)
  assert.ok(processorMs() - started < 2000)
})

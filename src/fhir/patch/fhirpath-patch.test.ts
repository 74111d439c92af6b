import assert from 'node:assert/strict'
import { test } from 'node:test'
import { processorMs } from '../../../test/support/processor-time.ts'
import { fhirPathPatch } from './fhirpath-patch.ts'

const stored =
  '{ "resourceType": "Patient", "id": "1", "extension": [{"url": "http://a", "valueDecimal": 1.50}],' +
  ' "name": [{"family": "A", "given": ["B", "C"]}, {"family": "D", "use": "old"}],' +
  ' "telecom": [{"system": "phone", "value": "1"}, {"system": "email", "value": "2"}],' +
  ' "birthDate": "2000-01-01", "_birthDate": {"id": "x"}, "deceasedBoolean": false }'

/** An operation in short: parts by name, plain values as strings and integers, others as their JSON text. */
function parameters(...operations: readonly Record<string, string | number>[]): string {
  const parameter = operations.map((parts) => {
    const written = Object.entries(parts).map(([name, value]) => {
      if (typeof value === 'number') return `{"name":"${name}","valueInteger":${value}}`
      if (value.startsWith('"')) return `{"name":"${name}",${value}}`
      return `{"name":"${name}","valueString":${JSON.stringify(value)}}`
    })
    return `{"name":"operation","part":[${written.join()}]}`
  })
  return `{"resourceType":"Parameters","parameter":[${parameter.join()}]}`
}

const coin = '"valueDecimal":2.00'

// biome-ignore format: a table
for (const [what, operation, from, to] of [
  ['add puts an element at the end', { type: 'add', path: 'Patient', name: 'gender', value: '"valueCode":"male"' }, ' }', ',"gender":"male" }'],
  ['add appends to a list', { type: 'add', path: 'Patient', name: 'telecom', value: '"valueContactPoint":{"value":"3"}' }, '"2"}]', '"2"},{"value":"3"}]'],
  ['add makes a list', { type: 'add', path: 'Patient', name: 'address', value: '"valueAddress":{"city":"X"}' }, ' }', ',"address":[{"city":"X"}] }'],
  ['add names a choice by its type', { type: 'add', path: 'Patient', name: 'multipleBirth', value: '"valueInteger":2' }, ' }', ',"multipleBirthInteger":2 }'],
  ['add builds an element from parts', { type: 'add', path: 'Patient', name: 'contact', value: '"part":[{"name":"gender","valueCode":"female"},{"name":"telecom","valueContactPoint":{"value":"4"}}]' }, ' }', ',"contact":[{"gender":"female","telecom":[{"value":"4"}]}] }'],
  ['insert puts an item before another', { type: 'insert', path: 'Patient.name', index: 1, value: '"valueHumanName":{"family":"E"}' }, '"C"]}', '"C"]},{"family":"E"}'],
  ['insert at the end appends', { type: 'insert', path: 'Patient.name[0].given', index: 2, value: '"valueString":"E"' }, '"C"', '"C","E"'],
  ['delete removes an item', { type: 'delete', path: "Patient.telecom.where(system = 'phone')" }, '{"system": "phone", "value": "1"}, ', ''],
  ['delete removes an element with what belongs to it', { type: 'delete', path: 'Patient.birthDate' }, ', "birthDate": "2000-01-01", "_birthDate": {"id": "x"}', ''],
  ['delete removes the last item with its list', { type: 'delete', path: "Patient.extension('http://a')" }, ' "extension": [{"url": "http://a", "valueDecimal": 1.50}],', ''],
  ['delete of nothing does nothing', { type: 'delete', path: 'Patient.photo[3]' }, '', ''],
  ['replace changes a value', { type: 'replace', path: 'Patient.name.first().family', value: '"valueString":"Z"' }, '"A"', '"Z"'],
  ['replace changes an item', { type: 'replace', path: "Patient.name.where(family = 'D' and use = 'old').last()", value: '"valueHumanName":{"text":"Z"}' }, '{"family": "D", "use": "old"}', '{"text":"Z"}'],
  ['replace changes the type of a choice', { type: 'replace', path: 'Patient.deceased', value: '"valueDateTime":"2020"' }, '"deceasedBoolean": false', '"deceasedDateTime":"2020"'],
  ['replace keeps the digits it was given', { type: 'replace', path: "Patient.extension('http://a').value.ofType(decimal)", value: coin }, '1.50', '2.00'],
  ['replace reads a path without the type, too', { type: 'replace', path: '(deceased as boolean)', value: '"valueBoolean":true' }, 'false', 'true'],
  ['move puts an item in another place', { type: 'move', path: 'Patient.telecom', source: 1, destination: 0 }, '{"system": "phone", "value": "1"}, {"system": "email", "value": "2"}', '{"system": "email", "value": "2"},{"system": "phone", "value": "1"}'],
] as const) {
  test(`fhirPathPatch(): ${what}`, () => {
    const at = stored.lastIndexOf(from)
    const expected = stored.slice(0, at) + to + stored.slice(at + from.length)
    const patched = fhirPathPatch(stored, parameters(operation))
    assert.equal(patched.replaceAll(' ', ''), expected.replaceAll(' ', ''))
  })
}

// biome-ignore format: a table
for (const [what, operation, sentence] of [
  ['several elements', { type: 'replace', path: 'Patient.name', value: '"valueHumanName":{}' }, /finds 2 elements/],
  ['nothing to replace', { type: 'replace', path: 'Patient.gender', value: '"valueCode":"male"' }, /nothing there/],
  ['an element that is there', { type: 'add', path: 'Patient', name: 'birthDate', value: '"valueDate":"2001"' }, /has "birthDate" already/],
  ['a choice that is there', { type: 'add', path: 'Patient', name: 'deceased', value: '"valueDateTime":"2001"' }, /has "deceased" already/],
  ['an element that R4 does not know', { type: 'add', path: 'Patient', name: 'shoe', value: '"valueString":"x"' }, /no element "shoe"/],
  ['a type that a choice does not take', { type: 'add', path: 'Patient', name: 'multipleBirth', value: '"valueString":"x"' }, /valueString is none of its types/],
  ['a place beyond the end', { type: 'insert', path: 'Patient.name', index: 3, value: '"valueHumanName":{}' }, /3 is no place in a list of 2/],
  ['a regular expression', { type: 'delete', path: "Patient.name.where(family.matches('(a+)+$'))" }, /where\(\)/],
  ['a function outside the subset', { type: 'delete', path: 'Patient.descendants()' }, /descendants\(\) is not offered/],
  ['another resource', { type: 'delete', path: 'Observation.code' }, /begins with Observation/],
  ['what is no path', { type: 'delete', path: 'Patient.name[' }, /cannot be read/],
  ['a long path', { type: 'delete', path: `Patient${'.name'.repeat(300)}` }, /longer than/],
  ['the resource itself', { type: 'delete', path: 'Patient' }, /cannot be deleted by a patch/],
  ['a place that is not there', { type: 'move', path: 'Patient.name', source: 0, destination: 2 }, /not both places/],
] as const) {
  test(`fhirPathPatch() answers 'invalid' for ${what}`, () => {
    assert.throws(() => fhirPathPatch(stored, parameters(operation)), { kind: 'invalid', message: sentence })
  })
}

test('fhirPathPatch() leaves items with extensions of their own to JSON Patch', () => {
  const text = '{"resourceType":"Patient","name":[{"given":["A","B"],"_given":[null,{"id":"x"}]}]}'
  const operation = { type: 'delete', path: 'Patient.name.given[0]' }
  assert.throws(() => fhirPathPatch(text, parameters(operation)), { kind: 'invalid', message: /JSON Patch/ })
})

test('fhirPathPatch() does operations in their order', () => {
  const patched = fhirPathPatch(
    '{"resourceType":"Patient","active":true}',
    parameters(
      { type: 'add', path: 'Patient', name: 'name', value: '"valueHumanName":{"family":"A"}' },
      { type: 'add', path: 'Patient.name[0]', name: 'given', value: '"valueString":"B"' },
      { type: 'delete', path: 'Patient.active' },
    ),
  )
  assert.equal(patched, '{"resourceType":"Patient","name":[{"family":"A","given":["B"]}]}')
})

// biome-ignore format: a table
for (const [what, operation] of [
  ['an unknown type', { type: 'upsert', path: 'Patient' }], ['no path', { type: 'delete' }], ['no value', { type: 'replace', path: 'Patient.birthDate' }],
  ['an index that is no integer', { type: 'insert', path: 'Patient.name', index: 'x', value: '"valueHumanName":{}' }],
] as const) {
  test(`fhirPathPatch() answers 'incorrect' for ${what}`, () => {
    assert.throws(() => fhirPathPatch(stored, parameters(operation as never)), { kind: 'incorrect' })
  })
}

test('S-25: a long list is searched in its own length', () => {
  const item = '{"value":"x","period":{"start":"2020"}}'
  const text = `{"resourceType":"Patient","telecom":[${Array.from({ length: 20_000 }, () => item).join()}]}`
  const started = processorMs()
  const path = "Patient.telecom.where(system = 'phone' and use = 'home').first()"
  assert.equal(fhirPathPatch(text, parameters({ type: 'delete', path })), text)
  assert.ok(processorMs() - started < 2000, `${processorMs() - started} ms`)
})

test('fhirPathPatch() refuses a path that looks into too many elements too often (S-25)', () => {
  const name = Array.from({ length: 60_000 }, (_, i) => ({ family: `f${i}`, given: ['a'] }))
  const path = `Patient.name${".where(given.first() = 'a')".repeat(30)}.where(family = 'z')`
  const part = [
    { name: 'type', valueCode: 'delete' },
    { name: 'path', valueString: path },
  ]
  const patch = JSON.stringify({ resourceType: 'Parameters', parameter: [{ name: 'operation', part }] })
  const patient = JSON.stringify({ resourceType: 'Patient', name })
  assert.throws(() => fhirPathPatch(patient, patch), { kind: 'too-costly' })
})

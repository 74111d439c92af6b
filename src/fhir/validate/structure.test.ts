import assert from 'node:assert/strict'
import { test } from 'node:test'
import { validateStructure } from './structure.ts'

const observation = {
  resourceType: 'Observation',
  id: 'o-1',
  meta: { versionId: '1', lastUpdated: '2024-01-31T12:00:00.123456Z', profile: ['http://example.org/p'] },
  text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">78 kg</div>' },
  contained: [{ resourceType: 'Practitioner', id: 'p', name: [{ family: 'Roe' }] }],
  extension: [{ url: 'http://example.org/e', extension: [{ url: 'inner', valueBoolean: false }] }],
  identifier: [{ system: 'urn:oid:1.2.3', value: '7' }],
  status: 'final',
  category: [
    { coding: [{ code: 'a' }, { system: 'http://example.org', code: 'vital-signs', display: 'Vital signs' }] },
  ],
  code: { text: 'Weight' },
  subject: { reference: 'Patient/1' },
  effectiveDateTime: '2024-02-29T12:00:00-05:00',
  issued: '2024-02-29T12:00:00Z',
  performer: [{ reference: '#p' }],
  valueQuantity: { value: 78.5, unit: 'kg', comparator: '<' },
  component: [{ code: { text: 'c' }, valueString: 'x', referenceRange: [{ text: 'r' }] }],
}

test('validateStructure() finds nothing in a good resource', () => assert.deepEqual(validateStructure(observation), []))

/** What to set where (undefined takes the member away), and the fault's place and kind. */
const breakages: readonly (readonly [change: Readonly<Record<string, unknown>>, expression: string, issue: string])[] =
  [
    [{ stat: 'final' }, 'Observation.stat', 'structure'],
    [{ 'not a name': 1 }, 'Observation', 'structure'],
    [{ __proto: {} }, 'Observation.__proto', 'structure'],
    [{ status: undefined }, 'Observation.status', 'required'],
    [{ status: null }, 'Observation.status', 'structure'],
    [{ status: 'finished' }, 'Observation.status', 'code-invalid'],
    [{ status: '' }, 'Observation.status', 'value'],
    [{ status: ['final'] }, 'Observation.status', 'structure'],
    [{ status: 'final', _status: {} }, 'Observation.status', 'structure'],
    [
      { status: 'final', _status: { extension: [{ valueCode: 'x' }] } },
      'Observation.status.extension[0].url',
      'required',
    ],
    [{ code: undefined }, 'Observation.code', 'required'],
    [{ code: 'weight' }, 'Observation.code', 'structure'],
    [{ code: {} }, 'Observation.code', 'structure'],
    [{ code: [{ text: 'Weight' }] }, 'Observation.code', 'structure'],
    [{ category: { text: 'a' } }, 'Observation.category', 'structure'],
    [{ category: [] }, 'Observation.category', 'structure'],
    [{ category: [null] }, 'Observation.category[0]', 'structure'],
    [{ category: [{ coding: [{ code: 'a' }, { code: ' b' }] }] }, 'Observation.category[0].coding[1].code', 'value'],
    [{ id: 'a_b' }, 'Observation.id', 'value'],
    [{ id: 7 }, 'Observation.id', 'structure'],
    [{ meta: { lastUpdated: '2024-01-31' } }, 'Observation.meta.lastUpdated', 'value'],
    [{ text: { status: 'generated', div: '<p>x</p>' } }, 'Observation.text.div', 'value'],
    [{ text: { status: 'generated', div: '<div><script>x</script></div>' } }, 'Observation.text.div', 'value'],
    [{ text: { status: 'generated' } }, 'Observation.text.div', 'required'],
    [{ contained: [{ id: 'p' }] }, 'Observation.contained[0]', 'structure'],
    [{ contained: [{ resourceType: 'Doctor' }] }, 'Observation.contained[0]', 'structure'],
    [{ contained: [{ resourceType: 'Patient', gender: 'm' }] }, 'Observation.contained[0].gender', 'code-invalid'],
    [{ extension: [{ valueString: 'x' }] }, 'Observation.extension[0].url', 'required'],
    [{ extension: [{ url: 'u', valueString: 'x', valueCode: 'y' }] }, 'Observation.extension[0].value', 'structure'],
    [{ effectiveDateTime: '2023-02-29' }, 'Observation.effective.ofType(dateTime)', 'value'],
    [{ effectiveDateTime: '2024-02-29T12:00' }, 'Observation.effective.ofType(dateTime)', 'value'],
    [{ effectivePeriod: { start: '2024' } }, 'Observation.effective', 'structure'],
    [
      { effectiveDateTime: undefined, effectivePeriod: { stop: '2024' } },
      'Observation.effective.ofType(Period).stop',
      'structure',
    ],
    [{ issued: '2024-02-29' }, 'Observation.issued', 'value'],
    [{ subject: { reference: 1 } }, 'Observation.subject.reference', 'structure'],
    [{ valueQuantity: { value: '78.5' } }, 'Observation.value.ofType(Quantity).value', 'structure'],
    [{ valueQuantity: { comparator: '=' } }, 'Observation.value.ofType(Quantity).comparator', 'code-invalid'],
    [{ valueAddress: { text: 'x' } }, 'Observation.valueAddress', 'structure'],
    [{ valueQuantity: undefined, valueInteger: 1.5 }, 'Observation.value.ofType(integer)', 'value'],
    [{ component: [{ valueString: 'x' }] }, 'Observation.component[0].code', 'required'],
    [
      { component: [{ code: { text: 'c' }, referenceRange: [{ low: { value: [] } }] }] },
      'Observation.component[0].referenceRange[0].low.value',
      'structure',
    ],
  ]

for (const [change, expression, issue] of breakages) {
  test(`validateStructure() finds the fault of ${JSON.stringify(change, (_, value) => value ?? null)}`, () => {
    const changed = Object.entries({ ...observation, ...change }).filter(([, value]) => value !== undefined)
    const faults = validateStructure(Object.fromEntries(changed))
    assert.deepEqual(
      faults.map((fault) => [fault.expression, fault.issue]),
      [[expression, issue]],
    )
  })
}

for (const [about, given, isRight] of [
  [
    'null beside an extension',
    { name: [{ given: ['A', null], _given: [null, { extension: [{ url: 'u', valueCode: 'v' }] }] }] },
    true,
  ],
  ['null beside nothing', { name: [{ given: ['A', null] }] }, false],
  ['null beside null', { name: [{ given: ['A', null], _given: [{ id: 'x' }, null] }] }, false],
  ['a value told by an extension alone', { _birthDate: { extension: [{ url: 'u', valueCode: 'v' }] } }, true],
  ['a choice with its companion', { deceasedBoolean: true, _deceasedBoolean: { id: 'x' } }, true],
  ['a choice with the companion of another', { deceasedBoolean: true, _deceasedDateTime: { id: 'x' } }, false],
  ['base64 with blanks', { photo: [{ data: 'AAAA\nAAA=' }] }, true],
  ['base64 of a wrong length', { photo: [{ data: 'AAAAA' }] }, false],
  ['base64 with other letters', { photo: [{ data: 'AA_A' }] }, false],
  ['a positiveInt of 0', { telecom: [{ rank: 0 }] }, false],
  ['an integer beyond 32 bits', { multipleBirthInteger: 2147483648 }, false],
  ['a URI with a blank', { identifier: [{ system: 'http://a b' }] }, false],
  ['the year 0', { birthDate: '0000' }, false],
] as const) {
  test(`validateStructure() ${isRight ? 'accepts' : 'refuses'} ${about}`, () => {
    assert.equal(validateStructure({ resourceType: 'Patient', ...given }).length === 0, isRight)
  })
}

test('validateStructure() accepts a concept outside a required value set only without codings', () => {
  const allergy = { resourceType: 'AllergyIntolerance', patient: { reference: 'Patient/1' } }
  const system = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical'
  const faults = (clinicalStatus: object) =>
    validateStructure({ ...allergy, clinicalStatus }).map((fault) => fault.issue)
  assert.deepEqual(faults({ coding: [{ code: 'local' }, { system, code: 'active' }] }), [])
  assert.deepEqual(faults({ text: 'active' }), [])
  assert.deepEqual(faults({ coding: [{ system, code: 'on' }] }), ['code-invalid'])
})

for (const value of [
  undefined,
  null,
  1,
  'x',
  [],
  {},
  { resourceType: 1 },
  { resourceType: 'Resource' },
  { resourceType: '__proto__' },
]) {
  test(`validateStructure() refuses ${JSON.stringify(value)}`, () => {
    assert.deepEqual(
      validateStructure(value).map((fault) => fault.expression),
      ['%resource'],
    )
  })
}

test('validateStructure() refuses own members that have names of the prototype', () => {
  const faults = validateStructure(
    JSON.parse('{"resourceType":"Patient","__proto__":{"x":1},"constructor":{},"toString":"x"}'),
  )
  assert.equal(faults.length, 3)
})

test('validateStructure() stops listing after 100 faults', () => {
  const members = Array.from({ length: 300 }, (_, index) => [`x${index}`, 1])
  assert.equal(validateStructure({ resourceType: 'Patient', ...Object.fromEntries(members) }).length, 100)
})

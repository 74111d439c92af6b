import assert from 'node:assert/strict'
import { test } from 'node:test'
import { candidateSearches } from './candidate-searches.ts'
import { patientFacts } from './patient-facts.ts'
import { refusePoor } from './refuse-poor.ts'

test('candidateSearches() asks in several ways, so that each survives another mistake', () => {
  const patient = {
    identifier: [{ system: 'urn:a', value: 'x,y' }, { value: 'nowhere' }],
    name: [{ family: 'García', given: ['Ann Marie', 'Lou'] }],
    birthDate: '1980-03-12',
    telecom: [{ system: 'phone', value: '316-555-0100' }],
    address: [{ line: ['12 Main St'], postalCode: '67203-1234' }],
  }
  assert.deepEqual(candidateSearches(patient), [
    [[['identifier', 'urn:a|x\\,y']]],
    [
      [['birthdate', '1980-03-12']],
      [
        ['birthdate', '1980-03-12'],
        ['name', 'Ga,An'],
      ],
    ],
    [
      [
        ['birthdate', '1980'],
        ['name', 'Gar,Ann'],
      ],
    ],
    [
      [
        ['name', 'Gar'],
        ['name', 'Ann'],
      ],
      [
        ['name', 'García'],
        ['name', 'Ann'],
      ],
    ],
    [[['phone', '316-555-0100']]],
    [
      [
        ['address', '12 Main St'],
        ['name', 'Ga,An'],
      ],
    ],
    [
      [
        ['address-postalcode', '67203'],
        ['name', 'García,Ann'],
      ],
    ],
  ])
})

test('candidateSearches() asks nothing of what is not there', () => assert.deepEqual(candidateSearches({}), []))

for (const [what, patient, isPoor] of [
  ['nothing', {}, true],
  ['a name', { name: [{ family: 'Bell' }] }, true],
  ['a birth date', { birthDate: '1980-03-12' }, true],
  ['a birth date and an address', { birthDate: '1980-03-12', address: [{ line: ['1 Elm'] }] }, true],
  ['a name and a city', { name: [{ family: 'Bell' }], address: [{ city: 'Wichita' }] }, true],
  ['an identifier without a system', { identifier: [{ value: '1' }] }, true],
  ['an identifier', { identifier: [{ system: 'urn:a', value: '1' }] }, false],
  ['a name and a birth date', { name: [{ family: 'Bell' }], birthDate: '1980' }, false],
  [
    'a name and a phone',
    { name: [{ text: 'Ann Bell' }], telecom: [{ system: 'phone', value: '316-555-0100' }] },
    false,
  ],
] as const) {
  test(`refusePoor() ${isPoor ? 'refuses' : 'takes'} ${what}`, () => {
    const read = () => refusePoor(patientFacts(patient))
    if (isPoor) assert.throws(read, { kind: 'incorrect', message: /^Cannot match by so little/ })
    else read()
  })
}

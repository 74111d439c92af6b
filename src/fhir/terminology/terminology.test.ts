import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compactCodeSystem, compactValueSet } from './compact-definitions.ts'
import type { Part } from './tables.ts'
import { terminology, terminologyOf } from './terminology.ts'

const animals = compactCodeSystem({
  url: 'urn:animals',
  name: 'Animals',
  content: 'complete',
  concept: [
    {
      code: 'animal',
      concept: [{ code: 'cat', display: 'Cat', concept: [{ code: 'tom' }] }, { code: 'dog' }],
    },
    { code: 'pet', property: [{ code: 'child', valueCode: 'cat' }] },
  ],
})

function codesOf(...include: readonly Part[]): readonly string[] | undefined {
  const tables = { codeSystems: { 'urn:animals': animals }, valueSets: { set: { include }, pets } }
  return terminologyOf(tables)
    .expand('set')
    ?.map(({ code }) => code)
}
const pets = {
  include: [{ system: 'urn:animals', codes: ['cat', 'dog'] }],
  exclude: [{ system: 'urn:animals', codes: ['dog'] }],
}
const system = 'urn:animals'

for (const [about, part, codes] of [
  ['a whole system', { system }, ['animal', 'cat', 'tom', 'dog', 'pet']],
  ['listed codes', { system, codes: ['dog', ['mouse', 'Mouse']] }, ['dog', 'mouse']],
  ['is-a', { system, filters: [['concept', 'is-a', 'cat']] }, ['cat', 'tom']],
  ['is-a over a second parent', { system, filters: [['concept', 'is-a', 'pet']] }, ['cat', 'tom', 'pet']],
  ['descendent-of', { system, filters: [['concept', 'descendent-of', 'cat']] }, ['tom']],
  ['is-not-a', { system, filters: [['concept', 'is-not-a', 'animal']] }, ['pet']],
  [
    'two filters',
    {
      system,
      filters: [
        ['concept', 'is-a', 'animal'],
        ['concept', 'is-not-a', 'cat'],
      ],
    },
    ['animal', 'dog'],
  ],
  ['another set without what it excludes', { sets: ['pets|1.0'] }, ['cat']],
  ['a system and a set', { system, filters: [['concept', 'is-a', 'animal']], sets: ['pets'] }, ['cat']],
  ['itself', { sets: ['set'] }, undefined],
  ['an unknown set', { sets: ['none'] }, undefined],
  ['an unknown system', { system: 'urn:none' }, undefined],
  ['an unknown filter', { system, filters: [['legs', '=', '4']] }, undefined],
] as const) {
  test(`expand() knows a value set of ${about}`, () => assert.deepEqual(codesOf(part), codes))
}

test('below() and above() include the code and follow every parent', () => {
  const known = terminologyOf({ codeSystems: { 'urn:animals': animals }, valueSets: {} })
  assert.deepEqual(known.below('urn:animals', 'pet'), ['pet', 'cat', 'tom'])
  assert.deepEqual(known.above('urn:animals', 'tom'), ['tom', 'cat', 'animal', 'pet'])
  assert.equal(known.below('urn:animals', 'horse'), undefined)
  assert.equal(known.displayOf('urn:animals', 'cat'), 'Cat')
})

test('compactValueSet() leaves out the displays that the system tells', () => {
  const given = {
    url: 'v',
    name: 'V',
    compose: {
      include: [
        {
          system: 's',
          concept: [
            { code: 'a', display: 'A' },
            { code: 'b', display: 'Bee' },
          ],
        },
      ],
    },
  }
  assert.deepEqual(
    compactValueSet(given, (_, code) => code.toUpperCase()),
    { include: [{ system: 's', codes: ['a', ['b', 'Bee']] }] },
  )
})

for (const [url, size] of [
  ['http://hl7.org/fhir/ValueSet/observation-status', 8],
  ['http://hl7.org/fhir/ValueSet/observation-status|4.0.1', 8],
  ['http://hl7.org/fhir/us/core/ValueSet/omb-race-category', 7],
  ['http://hl7.org/fhir/us/core/ValueSet/detailed-race', 917],
  ['http://hl7.org/fhir/us/core/ValueSet/us-core-vital-signs', 19],
  ['http://terminology.hl7.org/ValueSet/v3-PurposeOfUse', 60],
  ['http://hl7.org/fhir/ValueSet/resource-types', 148],
] as const) {
  test(`the loaded value set ${url} has ${size} codes`, () => assert.equal(terminology().expand(url)?.length, size))
}

for (const url of ['__proto__', 'toString', 'http://hl7.org/fhir/ValueSet/none']) {
  test(`${url} is no loaded value set`, () => assert.equal(terminology().expand(url), undefined))
}

test('the loaded hierarchies are followed', () => {
  const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'
  assert.ok(terminology().below(actCode, '_ActEncounterCode')?.includes('AMB'))
  assert.ok(terminology().above(actCode, 'AMB')?.includes('_ActEncounterCode'))
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matchingCodes } from './matching-codes.ts'
import { namedIn, ruleOf, type StoredCodeSystem, type StoredValueSet, storedTables } from './stored-definitions.ts'
import { terminologyOf } from './terminology.ts'

const set = (url: string, more: object): StoredValueSet => ({
  ...{ resourceType: 'ValueSet', url, name: url, status: 'active', version: '1' },
  ...more,
})
const colours: StoredCodeSystem = {
  ...{ resourceType: 'CodeSystem', url: 'urn:colours', name: 'Colours', content: 'complete' },
  concept: [{ code: 'red', display: 'Red' }, { code: 'blue' }],
}

test('ruleOf() takes the expansion of a value set without a definition, nested codes too', () => {
  const contains = [
    { system: 's', abstract: true, code: 'top', contains: [{ system: 's', code: 'a', display: 'A' }] },
    { system: 't', code: 'b' },
  ]
  assert.deepEqual(ruleOf(set('v', { expansion: { contains } })), {
    include: [
      { system: 's', codes: [['a', 'A']] },
      { system: 't', codes: [['b', 'b']] },
    ],
  })
})

test('stored definitions stand before those beneath, and sets beneath see them', () => {
  const loaded = terminologyOf({
    codeSystems: { 'urn:sizes': ['s', 'm'] },
    valueSets: { all: { include: [{ sets: ['mine'] }, { system: 'urn:sizes' }] }, mine: { include: [] } },
    valueSetTitles: { mine: ['Mine', '0'] },
  })
  const mine = set('mine', { compose: { include: [{ system: 'urn:colours' }] } })
  const both = terminologyOf(storedTables([mine], [colours]), loaded)
  assert.deepEqual(
    both.expand('all')?.map(({ code }) => code),
    ['red', 'blue', 's', 'm'],
  )
  assert.deepEqual(
    loaded.expand('all')?.map(({ code }) => code),
    ['s', 'm'],
  )
  assert.deepEqual(both.valueSetTitle('mine'), ['mine', '1'])
  assert.equal(both.displayOf('urn:colours', 'red'), 'Red')
})

test('namedIn() answers code systems and value sets of all parts', () => {
  const rule = { include: [{ system: 'a', sets: ['x'] }], exclude: [{ sets: ['y'] }, { system: 'b' }] }
  assert.deepEqual(namedIn(rule), { systems: ['a', 'b'], sets: ['x', 'y'] })
})

test('matchingCodes() finds all words of the filter, in display or code, without case and accents', () => {
  const codes = [
    { system: 's', code: '1-8', display: 'Heart rate' },
    { system: 's', code: '2-6', display: 'Ménière rate' },
    { system: 's', code: 'rate' },
  ]
  const found = (filter: string) => matchingCodes(codes, filter).map(({ code }) => code)
  assert.deepEqual(found('RATE'), ['1-8', '2-6', 'rate'])
  assert.deepEqual(found('rate hea'), ['1-8'])
  assert.deepEqual(found('meniere'), ['2-6'])
  assert.deepEqual(found('1-8 rate'), ['1-8'])
  assert.deepEqual(found('x'), [])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memberOf } from './member-of.ts'
import { missingFor } from './missing.ts'
import type { ValueSetRule } from './tables.ts'
import { terminologyOf } from './terminology.ts'

const s = 'urn:s'
const rules = {
  known: { include: [{ system: s, codes: ['a', 'b'] }] },
  foreign: { include: [{ system: 'urn:gone' }] },
  both: { include: [{ sets: ['known'] }, { sets: ['foreign'] }] },
  nested: { include: [{ sets: ['both'] }] },
  butA: { include: [{ system: s }], exclude: [{ system: s, codes: ['a'] }] },
  butGone: { include: [{ system: s }], exclude: [{ sets: ['gone'] }] },
  filtered: { include: [{ system: s, filters: [['legs', '=', '4']] }] },
  circle: { include: [{ sets: ['round'] }] },
  round: { include: [{ sets: ['circle'] }] },
} as const satisfies Record<string, ValueSetRule>
const terminology = terminologyOf({ codeSystems: { [s]: ['a', 'b', ['c', 'Sea']] }, valueSets: rules })

for (const [set, asked, state] of [
  ['known', { system: s, code: 'a' }, 'in'],
  ['known', { code: 'b' }, 'in'],
  ['known', { system: s, code: 'c' }, 'out'],
  ['known', { system: 'urn:other', code: 'a' }, 'out'],
  ['both', { system: s, code: 'a' }, 'in'],
  ['both', { system: s, code: 'c' }, 'out'],
  ['both', { code: 'c' }, 'unknown'],
  ['nested', { system: s, code: 'a' }, 'in'],
  ['nested', { system: 'urn:gone', code: 'x' }, 'unknown'],
  ['foreign', { system: s, code: 'a' }, 'out'],
  ['foreign', { system: 'urn:gone', code: 'a' }, 'unknown'],
  ['butA', { system: s, code: 'a' }, 'out'],
  ['butA', { system: s, code: 'b' }, 'in'],
  ['butGone', { system: s, code: 'b' }, 'unknown'],
  ['butGone', { system: s, code: 'z' }, 'out'],
  ['circle', { system: s, code: 'a' }, 'unknown'],
] as const) {
  test(`memberOf() says ${state} of ${JSON.stringify(asked)} and the set ${set}`, () => {
    assert.equal(memberOf(rules[set], asked, terminology).state, state)
  })
}

for (const [set, missing] of [
  ['known', []],
  ['foreign', [{ kind: 'CodeSystem', url: 'urn:gone' }]],
  ['nested', [{ kind: 'CodeSystem', url: 'urn:gone' }]],
  ['butGone', [{ kind: 'ValueSet', url: 'gone' }]],
  ['filtered', [{ kind: 'filter', url: s, filter: 'legs = 4' }]],
  ['circle', [{ kind: 'circle', url: 'round' }]],
] as const) {
  test(`missingFor() names what the set ${set} needs`, () => {
    assert.deepEqual(missingFor(rules[set], terminology), missing)
  })
}

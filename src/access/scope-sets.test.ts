import assert from 'node:assert/strict'
import { test } from 'node:test'
import { covers, negotiate } from './scope-sets.ts'
import { parseScope, parseScopes, type ResourceScope } from './scopes.ts'

const scope = (text: string) => parseScope(text) as ResourceScope

// biome-ignore format: a table
for (const [wide, narrow, expected] of [
  ['system/*.rs',                    'system/Patient.r',                       true],
  ['system/*.rs',                    'system/*.read',                          true],
  ['system/Patient.rs',              'system/*.rs',                            false],
  ['system/*.rs',                    'system/Patient.c',                       false],
  ['system/*.rs',                    'user/Patient.rs',                        false],
  ['system/*.*',                     'system/Patient.cruds',                   true],
  ['system/*.write',                 'system/Patient.cud',                     true],
  ['system/Observation.rs',          'system/Observation.rs?category=a',       true],
  ['system/Observation.rs?category=a', 'system/Observation.rs',                false],
  ['system/Observation.rs?category=a', 'system/Observation.rs?category=b',     false],
  ['system/Observation.rs?a=1',      'system/Observation.r?b=2&a=1',           true],
  ['system/Observation.rs?a=1&b=2',  'system/Observation.r?a=1',               false],
] as const) {
  test(`${wide} ${expected ? 'covers' : 'does not cover'} ${narrow}`, () => {
    assert.equal(covers(scope(wide), scope(narrow)), expected)
  })
}

// biome-ignore format: a table
for (const [allowed, asked, expected] of [
  // as it was spelt, where all of it is allowed
  ['system/*.rs',                          'system/Patient.read',                  'system/Patient.read'],
  ['system/*.cruds',                       'system/Patient.rs system/Patient.rs',  'system/Patient.rs'],
  // as far as it is allowed
  ['system/Patient.rs',                    'system/*.cruds',                       'system/Patient.rs'],
  ['system/Patient.rs system/Group.r',     'system/*.read',                        'system/Patient.rs system/Group.r'],
  ['system/Observation.rs?category=a',     'system/Observation.rs?status=final',   'system/Observation.rs?status=final&category=a'],
  ['system/Observation.rs?category=a system/Observation.rs?category=b', 'system/Observation.read', 'system/Observation.rs?category=a system/Observation.rs?category=b'],
  // what another one covers says nothing more
  ['system/*.rs system/Patient.rs',        'system/Patient.cruds',                 'system/Patient.rs'],
  ['system/Patient.r system/*.rs',         'system/*.cruds',                       'system/*.rs'],
  // nothing in common
  ['system/Patient.rs',                    'system/Observation.rs',                ''],
  ['system/Patient.rs',                    'system/Patient.c',                     ''],
  ['system/*.rs',                          'patient/*.rs user/*.rs',               ''],
  ['',                                     'system/*.rs',                          ''],
] as const) {
  test(`negotiate() gives "${expected}" to who asks "${asked}" and may have "${allowed}"`, () => {
    const granted = negotiate(parseScopes(allowed).resources, parseScopes(asked).resources)
    assert.equal(granted.map(({ text }) => text).join(' '), expected)
  })
}

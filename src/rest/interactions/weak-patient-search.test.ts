import assert from 'node:assert/strict'
import { test } from 'node:test'
import { phoneForms } from './phone-forms.ts'
import { refuseWeakSearch } from './weak-patient-search.ts'

for (const [query, isRefused] of [
  ['gender', true],
  ['birthdate', true],
  ['family', true],
  ['gender birthdate', true],
  ['_count _sort', true],
  ['_id', false],
  ['identifier', false],
  ['name:exact', false],
  ['birthdate name', false],
  ['gender name', false],
  ['family birthdate', false],
  ['gender birthdate phone', false],
  ['given gender birthdate email', false],
] as const) {
  test(`refuseWeakSearch() ${isRefused ? 'refuses' : 'lets pass'} ${query}`, () => {
    const check = () => refuseWeakSearch(query.split(' ').map((name) => [name, 'x']))
    if (isRefused) assert.throws(check, { kind: 'incorrect' })
    else check()
  })
}

for (const [asked, stored] of [
  ['2015550123', '(201) 555-0123'],
  ['+1 (201) 555-0123', '201-555-0123'],
  ['12015550123', '201.555.0123'],
  ['201-555-0123', '+12015550123'],
] as const) {
  test(`phoneForms() of ${asked} hold ${stored}`, () => {
    assert.ok(phoneForms(asked).split(',').includes(stored))
  })
}

test('phoneForms() leaves a value with a system as it is', () => {
  assert.equal(phoneForms('phone|2015550123'), 'phone|2015550123')
})

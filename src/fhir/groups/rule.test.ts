import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ageCharacteristic, conditionCharacteristic, genderCharacteristic } from './characteristics.ts'
import { groupRule } from './rule.ts'

const group = (...characteristic: object[]) => ({ resourceType: 'Group', id: 'g', type: 'person', characteristic })
const diabetes = conditionCharacteristic('http://snomed.info/sct', '44054006')

test('groupRule() reads what the characteristics say', () => {
  const read = groupRule(
    group(
      ageCharacteristic({ low: 5 }),
      { ...ageCharacteristic({ low: 18, high: 35 }), exclude: true },
      genderCharacteristic('female'),
      { ...diabetes, period: { start: '2024-01', end: '2024-02' } },
    ),
    'UTC',
  )
  assert.deepEqual(read, {
    ages: [
      { low: 5, high: 18 },
      { low: 35, high: Number.POSITIVE_INFINITY },
    ],
    genders: [{ codes: ['female'], isExcluded: false }],
    conditions: [
      {
        codings: [{ system: 'http://snomed.info/sct', code: '44054006' }],
        isExcluded: false,
        period: { low: Date.parse('2024-01-01'), high: Date.parse('2024-03-01') },
      },
    ],
  })
})

test('groupRule() finds none in a group that lists its members, or nobody', () => {
  assert.equal(groupRule({ ...group(diabetes), member: [{ entity: { reference: 'Patient/1' } }] }, 'UTC'), undefined)
  assert.equal(groupRule(group(), 'UTC'), undefined)
  assert.equal(groupRule({ resourceType: 'Group', type: 'person' }, 'UTC'), undefined)
})

const age = ageCharacteristic({ low: 5 })
for (const [what, one, sentence] of [
  [
    'another code',
    { ...age, code: { coding: [{ system: 'http://x', code: 'y' }] } },
    /http:\/\/x\|y is not understood; understood are age \(http:\/\/loinc.org\|30525-0\), gender/,
  ],
  ['no code', { valueBoolean: true }, /no code is not understood/],
  ['months', { ...age, valueRange: { low: { value: 5, unit: 'mo', code: 'mo' } } }, /whole years/],
  ['parts of a year', { ...age, valueRange: { low: { value: 5.5 } } }, /whole years/],
  ['no bounds', { ...age, valueRange: {} }, /whole years/],
  ['bounds the wrong way', ageCharacteristic({ low: 9, high: 9 }), /from 9 up to, not including, 9/],
  [
    'a gender of another system',
    { ...genderCharacteristic('female'), valueCodeableConcept: { coding: [{ system: 'http://x', code: 'F' }] } },
    /administrative-gender/,
  ],
  ['a condition in words', { ...diabetes, valueCodeableConcept: { text: 'Diabetes' } }, /system and code/],
  ['a period of an age', { ...age, period: { start: '2024' } }, /with a condition only/],
  ['a period that is none', { ...diabetes, period: { end: 'soon' } }, /not of dates/],
] as const) {
  test(`groupRule() refuses ${what}`, () => {
    assert.throws(() => groupRule(group(one), 'UTC'), { kind: 'invalid', message: sentence })
  })
}

test('groupRule() refuses a rule for what is no person', () => {
  assert.throws(() => groupRule({ ...group(age), type: 'animal' }, 'UTC'), { kind: 'invalid' })
})

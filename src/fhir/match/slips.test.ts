import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isSlip, slips } from './slips.ts'

for (const [one, other, count] of [
  ['smith', 'smith', 0],
  ['smith', 'smyth', 1],
  ['smith', 'smiht', 1],
  ['smith', 'smit', 1],
  ['smith', 'ssmith', 1],
  ['smith', 'smtih', 1],
  ['smith', 'jones', 5],
  ['ab', '', 2],
  ['ивáн', 'иван', 1],
] as const) {
  test(`slips() counts ${count} between "${one}" and "${other}"`, () => {
    assert.equal(slips(one, other, 9), count)
    assert.equal(slips(other, one, 9), count)
  })
}

test('slips() stops where there are more than are asked for', () => {
  assert.equal(slips('smith', 'jones', 2), 3)
  assert.equal(slips('a', 'abcd', 1), 2)
})

for (const [one, other, is] of [
  ['li', 'lu', false],
  ['jane', 'jean', false],
  ['jane', 'jabe', true],
  ['hernandez', 'hermandes', true],
  ['hernandez', 'fermandes', false],
] as const) {
  test(`isSlip() takes "${other}" for "${one}": ${is}`, () => assert.equal(isSlip(one, other), is))
}

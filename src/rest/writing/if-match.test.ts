import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isOnlyNew, versionsIn } from './if-match.ts'

for (const [given, versions] of [
  ['W/"3"', [3]],
  ['"3"', [3]],
  [' W/"3" , "12"', [3, 12]],
  ['*', 'any'],
  ['W/"abc"', [0]],
  ['""', [0]],
] as const) {
  test(`versionsIn() reads ${given}`, () => assert.deepEqual(versionsIn(given), versions))
}

for (const given of ['3', 'W/3', 'w/"3"', '', 'W/"3', 'W/"3""4"', '*, "3"', '"3" W/"4"']) {
  test(`versionsIn() refuses ${JSON.stringify(given)}`, () => {
    assert.throws(() => versionsIn(given), { kind: 'incorrect', expression: ['If-Match'] })
  })
}

test('isOnlyNew() knows * alone', () => {
  assert.equal(isOnlyNew({}), false)
  assert.equal(isOnlyNew({ 'if-none-match': '*' }), true)
  assert.throws(() => isOnlyNew({ 'if-none-match': 'W/"3"' }), { kind: 'incorrect' })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomOf, rounded } from './random.ts'

test('randomOf() starts the same for the same key, and covers its range evenly', () => {
  assert.equal(randomOf('1/p1').next(), randomOf('1/p1').next())
  assert.notEqual(randomOf('1/p1').next(), randomOf('1/p2').next())
  const random = randomOf('evenly')
  const counts = new Array(10).fill(0)
  for (let i = 0; i < 20_000; i++) counts[random.whole(0, 9)]++
  for (const count of counts) assert.ok(count > 1800 && count < 2200, `${count}`)
})

test('rounded() keeps at most the decimals', () => {
  assert.equal(rounded(36.6499, 1), 36.6)
  assert.equal(rounded(5, 2), 5)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { processorMs } from '../../../test/support/processor-time.ts'
import { Pairs } from './pairs.ts'

for (const count of [1, 60, 70, 1000]) {
  test(`Pairs keeps each of ${count} pairs once, in their order`, () => {
    const halves = Array.from({ length: count }, (_, i) => [i % 7, -i]).flat()
    const pairs = Pairs.of([...halves, ...halves])
    assert.deepEqual(pairs.halves, halves)
    assert.equal(pairs.has(0, 1), false)
    assert.equal(pairs.add(0, 1), true)
    assert.equal(pairs.add(0, 1), false)
  })
}

test('Pairs takes many without looking through all for each', () => {
  const started = processorMs()
  const pairs = new Pairs()
  for (let i = 0; i < 300_000; i++) pairs.add(i * 31, i)
  assert.equal(pairs.halves.length, 600_000)
  assert.ok(processorMs() - started < 3000)
})

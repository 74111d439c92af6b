import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kept } from './kept.ts'

function counting() {
  const clock = { now: 0 }
  let count = 0
  const ask = kept(async (key: string) => `${key}${++count}`, { milliseconds: 100, now: () => clock.now, most: 2 })
  return { clock, ask }
}

test('kept() asks again when the answer is too old, and not before', async () => {
  const { clock, ask } = counting()
  assert.equal(await ask('a'), 'a1')
  clock.now = 100
  assert.equal(ask('a'), 'a1')
  clock.now = 101
  assert.equal(await ask('a'), 'a2')
})

test('kept() asks once for all who wait', async () => {
  const { ask } = counting()
  assert.deepEqual(await Promise.all([ask('a'), ask('a'), ask('b')]), ['a1', 'a1', 'b2'])
})

test('kept() keeps no failure', async () => {
  let count = 0
  const ask = kept(
    async () => {
      if (++count === 1) throw new Error('once')
      return count
    },
    { milliseconds: 100 },
  )
  await assert.rejects(async () => ask('a'), /once/)
  assert.equal(await ask('a'), 2)
})

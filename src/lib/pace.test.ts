import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newPace } from './pace.ts'

test('stepBack() waits where many were met a moment ago, and only then', async () => {
  let now = 0
  const pace = newPace(() => now)
  const isWaiting = async () => {
    const waited = pace.stepBack().then(() => 'went on')
    return (await Promise.race([waited, new Promise((resolve) => setImmediate(resolve, 'waits'))])) === 'waits'
  }
  for (let i = 0; i < 19; i++) pace.met()
  assert.equal(await isWaiting(), false, 'few')
  pace.met()
  assert.equal(await isWaiting(), true)
  now += 399
  assert.equal(await isWaiting(), true)
  now += 400
  assert.equal(await isWaiting(), false, 'long ago')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newPace } from './pace.ts'

test('stepBack() waits where many were met a moment ago, and only then', async () => {
  let [now, pauses] = [0, 0]
  const pace = newPace(
    () => now,
    async () => void pauses++,
  )
  const isWaiting = async () => {
    const before = pauses
    await pace.stepBack()
    return pauses > before
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

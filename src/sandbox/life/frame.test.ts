import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomOf } from '../random.ts'
import { drawFrame, measuresAt, percentile } from './frame.ts'

test('measuresAt() lets children grow and never shrinks their heads', () => {
  for (let i = 0; i < 50; i++) {
    const frame = drawFrame(randomOf(`frame ${i}`))
    let last = measuresAt(frame, 'male', 0)
    assert.ok(last.heightCm > 42 && last.heightCm < 58 && last.weightKg > 2 && last.weightKg < 5.2)
    for (let age = 0.25; age <= 18; age += 0.25) {
      const now = measuresAt(frame, 'male', age)
      assert.ok(now.heightCm > last.heightCm && now.weightKg > last.weightKg && now.headCm > last.headCm, `at ${age}`)
      last = now
    }
  }
})

test('measuresAt() keeps the body mass index of grown-ups within what lives', () => {
  for (let i = 0; i < 200; i++) {
    const { heightCm, weightKg } = measuresAt(
      drawFrame(randomOf(`adult ${i}`)),
      i % 2 ? 'female' : 'male',
      18 + (i % 70),
    )
    const bmi = weightKg / (heightCm / 100) ** 2
    assert.ok(bmi > 15 && bmi < 45, `${bmi}`)
  }
})

test('percentile() is 50 in the middle and stays between 1 and 99', () => {
  assert.equal(percentile(0), 50)
  assert.equal(percentile(1), 85)
  assert.equal(percentile(9), 99)
  assert.equal(percentile(-9), 1)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resourceTypes } from '#fhir'
import type { Export } from '../export.ts'
import { progressText } from './progress-text.ts'

const exported = (more: Partial<Export>) => ({ state: 'running', progress: 0.456, writing: [], ...more }) as Export

for (const [form, more, text] of [
  ['percent-and-types', { writing: ['Condition', 'Observation'] }, '45%: writes Condition, Observation'],
  ['percent-and-types', { progress: 0 }, '0%: finds out what is to be written'],
  ['percent-and-types', { state: 'queued', progress: 0 }, '0%: waits for another export to end'],
  [
    'percent-and-types',
    { writing: ['Condition'], isRetried: true },
    '45%: waits to try again, as something that it needs was not available',
  ],
  ['percent-and-types', { progress: 1 }, '99%: finds out what is to be written'],
  ['percent', { writing: ['Condition'] }, '45%'],
  ['in-progress', { writing: ['Condition'] }, 'In-Progress'],
] as const) {
  test(`progressText() as ${form} says ${text}`, () => {
    assert.equal(progressText(form, exported(more)), text)
  })
}

test('S5: however many types are written, X-Progress has less than 100 characters', () => {
  const text = progressText('percent-and-types', exported({ writing: resourceTypes }))
  assert.ok(text.length < 100, text)
  assert.match(text, /, and more$/)
})

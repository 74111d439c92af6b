import assert from 'node:assert/strict'
import { test } from 'node:test'
import { indexResource } from './index-resource.ts'

const scope = { practice: 1, bases: [], zone: 'UTC' }
const measured = (code: string, value: number) => ({ code: { coding: [{ code }] }, valueQuantity: { value } })

/** Values, and whether they belong to a composite. */
function numbersOf(resource: object) {
  return indexResource(scope, 'Observation', resource).numbers.map(({ low, part }) => [low, part !== undefined])
}

test('indexResource() keeps one number for a value of the resource itself, though two composites ask for it', () => {
  assert.deepEqual(numbersOf({ resourceType: 'Observation', ...measured('c', 5) }), [[5, false]])
})

test('indexResource() pairs the value of an element with its code, for each composite that asks', () => {
  const resource = { resourceType: 'Observation', code: { text: 't' }, component: [measured('c', 5)] }
  const paired = numbersOf(resource).filter(([, isPaired]) => isPaired)
  assert.equal(paired.length, 4) // component-… and combo-…, by the code and by its system
})

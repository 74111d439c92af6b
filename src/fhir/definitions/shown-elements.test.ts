import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askedElements, mandatoryElements, summaryElements } from './shown-elements.ts'
import { elementRules, requiredCodes } from './structures.ts'

test('summaryElements() are those that R4 marks', () => {
  const patient = summaryElements('Patient')
  assert.deepEqual(
    ['name', 'birthDate', 'deceasedBoolean', 'text', 'photo', 'contact'].map((name) => patient.has(name)),
    [true, true, true, false, false, false],
  )
})

test('mandatoryElements() are those with a minimum', () => {
  assert.deepEqual([...mandatoryElements('Observation')], ['status', 'code'])
})

test('askedElements() add what is mandatory and name each type of a choice', () => {
  const asked = askedElements('Observation', ['value', 'nonsense'])
  assert.deepEqual(
    ['valueQuantity', 'valuePeriod', 'status', 'nonsense', 'effectiveDateTime'].map((name) => asked.has(name)),
    [true, true, true, true, false],
  )
})

test('elementRules() lists inherited elements first and leads content references to their type', () => {
  const rules = elementRules('Observation.component') ?? []
  assert.deepEqual(
    rules.slice(0, 3).map((rule) => rule.name),
    ['id', 'extension', 'modifierExtension'],
  )
  assert.deepEqual(rules.find((rule) => rule.name === 'referenceRange')?.types, ['Observation.referenceRange'])
  assert.equal(elementRules('toString'), undefined)
})

test('requiredCodes() lists codes by system', () => {
  assert.deepEqual(requiredCodes('administrative-gender'), {
    'http://hl7.org/fhir/administrative-gender': ['male', 'female', 'other', 'unknown'],
  })
})

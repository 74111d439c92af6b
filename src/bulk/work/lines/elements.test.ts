import assert from 'node:assert/strict'
import { test } from 'node:test'
import { project } from '#fhir'
import { elementsOf } from './elements.ts'

const tag = '"tag":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}]'
const line =
  '{"resourceType":"Observation","id":"1","meta":{"versionId":"1"},"implicitRules":"http://r","modifierExtension":[{"url":"m","valueDecimal":1.00}],' +
  '"extension":[{"url":"e"}],"status":"final","code":{"text":"c"},"valueQuantity":{"value":2.50},"note":[{"text":"n"}]}'

test('_elements keeps what is listed, what is mandatory and what modifies, to the letter', () => {
  const shown = elementsOf('Observation', { '*': ['id'], Observation: ['value'] })
  assert.ok(shown)
  assert.equal(
    project(line, shown),
    `{"resourceType":"Observation","id":"1","meta":{${tag},"versionId":"1"},"implicitRules":"http://r",` +
      '"modifierExtension":[{"url":"m","valueDecimal":1.00}],"status":"final","code":{"text":"c"},"valueQuantity":{"value":2.50}}',
  )
})

test('_elements of other types leaves a type whole', () => {
  assert.equal(elementsOf('Observation', { Patient: ['id'] }), undefined)
  assert.equal(elementsOf('Observation', undefined), undefined)
})

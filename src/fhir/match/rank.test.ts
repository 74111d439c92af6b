import assert from 'node:assert/strict'
import { test } from 'node:test'
import { patientFacts } from './patient-facts.ts'
import { type Candidate, missingHeirs, rank } from './rank.ts'

const ann = { name: [{ family: 'Bell', given: ['Ann'] }], birthDate: '1980-03-12', gender: 'female' }
const phone = { telecom: [{ system: 'phone', value: '316-555-0100' }] }
const replaced = { ...ann, ...phone, link: [{ type: 'replaced-by', other: { reference: 'Patient/new' } }] }
const candidate = (id: string, patient: object): Candidate => ({ id, facts: patientFacts(patient) })
const asked = patientFacts({ ...ann, ...phone })

test('rank() answers the best first and leaves out who it is not', () => {
  const stranger = { name: [{ family: 'Cole', given: ['Bob'] }], birthDate: '1931-01-02' }
  const found = rank(asked, [
    candidate('stranger', stranger),
    candidate('less', ann),
    candidate('more', { ...ann, ...phone }),
  ])
  assert.deepEqual(
    found.map(({ id, grade }) => [id, grade]),
    [
      ['more', 'certain'],
      ['less', 'probable'],
    ],
  )
})

test('rank() answers the record that took the place of the one that fits', () => {
  const heir = { name: [{ family: 'Hill', given: ['Ann'] }], birthDate: '1980-03-12' }
  const found = rank(asked, [candidate('old', replaced), candidate('new', heir)])
  assert.deepEqual(
    found.map(({ id, grade }) => [id, grade]),
    [['new', 'certain']],
  )
})

test('rank() takes a replaced record for no more than possible when nobody may see the other', () => {
  assert.deepEqual(rank(asked, [candidate('old', replaced)])[0]?.grade, 'possible')
})

test('missingHeirs() names the records that took the place of candidates and are none', () => {
  assert.deepEqual(missingHeirs([candidate('old', replaced)]), ['new'])
  assert.deepEqual(missingHeirs([candidate('old', replaced), candidate('new', ann)]), [])
})

/** 200 altered patients of synthea-1144 are found again; of 100 who are not on record, and of twins, none is taken for certain. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { PracticeRecord } from '#platform'
import { settle } from '#store'
import { ndjson } from '../support/ndjson.ts'
import { type TestApp, testApp } from '../support/test-app.ts'
import { alteredPatient, type Patient } from './altered-patients.ts'
import { type Answered, matcher } from './ask.ts'

const file = fileURLToPath(
  new URL('../../../shared/data/synthea/synthea-1144-demographics.ndjson.zst', import.meta.url),
)
const skip = !existsSync(file) && 'needs ../shared/data/synthea/synthea-1144-demographics.ndjson.zst'

let app: TestApp
let practice: PracticeRecord
let ask: (patient: object) => Promise<readonly Answered[]>
let onRecord: readonly Patient[]
let strangers: readonly Patient[]

before(async () => {
  if (skip) return
  const patients: readonly Patient[] = ndjson(file).filter(({ resourceType }) => resourceType === 'Patient')
  strangers = patients.filter((_, at) => at % 11 === 3).slice(0, 100)
  onRecord = patients.filter((patient) => !strangers.includes(patient))
  app = await testApp()
  practice = await app.addPractice('match')
  await app.load(practice, onRecord)
  await settle(app.installation.db)
  ask = matcher(app, practice, await app.token(practice, { scope: 'system/Patient.s' }))
})

after(() => app?.[Symbol.asyncDispose]())

const share = (count: number, of: number) => `${count} of ${of} (${((100 * count) / of).toFixed(1)} %)`

test('$match finds 200 altered patients again, and nobody else for certain', { skip }, async (t) => {
  const figures = { certain: 0, probable: 0, possible: 0, missed: 0, first: 0, othersCertain: 0, othersProbable: 0 }
  const missed: string[] = []
  for (let at = 0; at < 200; at++) {
    const { id, patient, alterations } = alteredPatient(onRecord[at * 5], at + 1)
    const answered = await ask(patient)
    const own = answered.find((one) => one.id === id)
    figures[own?.grade ?? 'missed']++
    if (answered[0]?.id === id) figures.first++
    if (own?.grade !== 'certain' && own?.grade !== 'probable') missed.push(alterations.join(', '))
    const others = answered.filter((one) => one.id !== id)
    figures.othersCertain += others.filter(({ grade }) => grade === 'certain').length
    figures.othersProbable += others.filter(({ grade }) => grade === 'probable').length
  }
  t.diagnostic(`recall at probable or better: ${share(figures.certain + figures.probable, 200)}`)
  t.diagnostic(JSON.stringify(figures))
  t.diagnostic(`not found so: ${missed.join(' | ') || 'none'}`)
  assert.ok(figures.certain + figures.probable >= 190, JSON.stringify(figures))
  assert.equal(figures.othersCertain, 0)
  assert.ok(figures.othersProbable <= 2, JSON.stringify(figures))
})

test('$match takes none of 100 patients who are not on record for another', { skip }, async (t) => {
  const grades = { certain: 0, probable: 0, possible: 0 }
  for (const [at, stranger] of strangers.entries()) {
    for (const { grade } of await ask(alteredPatient(stranger, at + 5000).patient)) grades[grade]++
  }
  t.diagnostic(JSON.stringify(grades))
  assert.equal(grades.certain, 0)
  assert.ok(grades.probable <= 1, JSON.stringify(grades))
})

test('$match takes none of 100 twins for the other, though all but the given name agrees', { skip }, async () => {
  for (const patient of onRecord.slice(0, 100)) {
    const { name, birthDate, gender, address, telecom } = structuredClone(patient)
    const twin = { resourceType: 'Patient', name: [{ family: name[0].family, given: ['Quentin'] }] }
    const answered = await ask({ ...twin, birthDate, gender, address, telecom })
    const found = answered.find(({ id }) => id === patient.id)
    assert.ok(found?.grade !== 'certain' && found?.grade !== 'probable', `${patient.id} is ${found?.grade}`)
  }
})

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { launchRecords } from '../../src/launch-records.ts'
import { patientPickerPage } from '../../src/smart/screens/patient-picker.ts'
import { testApp } from '../support/test-app.ts'
import { named, parsePage, textOf } from './markup.ts'

const app = await testApp()
after(() => app[Symbol.asyncDispose]())
const north = await app.addPractice('north')
const assigned = await app.addPractice('assigned', { visibility: 'assigned' })
const mrn = (value: string) => [
  { system: 'http://north.example/ssn', value: '999' },
  { type: { coding: [{ code: 'MR' }] }, system: 'http://north.example/mrn', value },
]
const patients = [
  {
    ...{ resourceType: 'Patient', id: 'p1', birthDate: '2018-04-02', gender: 'female', identifier: mrn('M-1') },
    name: [
      { use: 'old', family: 'Vik' },
      { use: 'official', given: ['Mia', 'Eva'], family: 'Berg' },
    ],
  },
  {
    resourceType: 'Patient',
    id: 'p2',
    birthDate: '2018-04-02',
    name: [{ text: 'Tom Berg', family: 'Berg', given: ['Tom'] }],
  },
  { resourceType: 'Patient', id: 'p3', name: [{ given: ['Miriam'], family: "O'Neil, Jr" }] },
  { resourceType: 'Patient', id: 'p4' },
]
const visits = [
  {
    ...{ resourceType: 'Encounter', id: 'e1', status: 'finished', class: { code: 'AMB', display: 'ambulatory' } },
    ...{ subject: { reference: 'Patient/p1' }, period: { start: '2026-01-05T10:00:00Z' } },
    participant: [{ individual: { reference: 'Practitioner/d1', display: 'Dr. Weber' } }],
  },
  {
    ...{ resourceType: 'Encounter', id: 'e2', status: 'finished', class: { code: 'AMB' } },
    ...{ subject: { reference: 'Patient/p1' }, period: { start: '2026-02-05T10:00:00Z' } },
    type: [{ text: 'Check-up' }],
  },
]
for (const practice of [north, assigned]) await app.load(practice, [...patients, ...visits])

const clinician = { user: 'Practitioner/d1', role: 'clinician', patients: [] } as const

function recordsOf(record: typeof north) {
  const records = launchRecords({ recordOf: () => record, storeOf: app.storeOf })
  return { records, practice: app.installation.directory.practiceOf(record) }
}

for (const [query, ids] of [
  [{ name: 'berg' }, ['p1', 'p2']],
  [{ name: 'mia berg' }, ['p1']],
  [{ name: 'Berg, Mia' }, ['p1']],
  [{ name: 'mi' }, ['p1', 'p3']],
  [{ name: "o'neil" }, ['p3']],
  [{ birthDate: '2018-04-02' }, ['p1', 'p2']],
  [{ birthDate: '2018-04-02', name: 'tom' }, ['p2']],
  [{ recordNumber: 'M-1' }, ['p1']],
  [{ recordNumber: 'M-1,M-2' }, []],
  [{ recordNumber: '|' }, []],
  [{ name: 'nobody' }, []],
] as const) {
  test(`findPatients() by ${JSON.stringify(query)}`, async () => {
    const { records, practice } = recordsOf(north)
    const { found } = await records.findPatients(practice, clinician, query)
    assert.deepEqual(found.map(({ id }) => id).sort(), ids)
  })
}

test('patients are told apart by name, birth date, sex and record number', async () => {
  const { records, practice } = recordsOf(north)
  const told = await records.patientsOf(practice, ['p1', 'p4', 'nobody'])
  assert.deepEqual(
    told.toSorted((a, b) => a.id.localeCompare(b.id)),
    [
      { id: 'p1', name: 'Mia Eva Berg', birthDate: '2018-04-02', sex: 'female', recordNumber: 'M-1' },
      { id: 'p4', name: 'p4', birthDate: undefined, sex: undefined, recordNumber: undefined },
    ],
  )
})

test('where staff see those assigned to them, nobody else is found', async () => {
  const { records, practice } = recordsOf(assigned)
  const { found } = await records.findPatients(practice, clinician, { name: 'berg' })
  assert.deepEqual(
    found.map(({ id }) => id),
    ['p1'],
  )
  assert.equal(await records.patient(practice, clinician, 'p2'), undefined)
  assert.deepEqual(await records.encounters(practice, { ...clinician, user: 'Practitioner/d2' }, 'p1'), [])
})

test('visits come newest first, with what, when and with whom', async () => {
  const { records, practice } = recordsOf(north)
  const [newest, oldest] = await records.encounters(practice, clinician, 'p1')
  assert.deepEqual([newest?.id, newest?.what, newest?.with], ['e2', 'Check-up', undefined])
  assert.deepEqual([oldest?.id, oldest?.what, oldest?.with], ['e1', 'ambulatory', 'Dr. Weber'])
})

test('the picker chooses nobody beforehand, not even where there is one', () => {
  const frame = {
    ...{ brand: { name: 'North' }, timeZone: 'UTC', requestId: '1', action: '/a', pending: 'x', csrf: 'x' },
    ...{ app: { name: 'A', isVerified: false }, returnsTo: 'https://app.example/cb' },
  }
  const child = {
    id: 'p1',
    name: 'Mia Berg',
    birthDate: '2018-04-02',
    sex: 'female',
    recordNumber: 'M-1',
    kind: 'parent',
  }
  for (const people of [
    { from: 'links', patients: [child] },
    { from: 'search', found: [child] },
  ] as const) {
    const page = parsePage(patientPickerPage({ ...frame, people }).body)
    const radios = named(page, 'input').filter(({ attributes }) => attributes.type === 'radio')
    assert.ok(radios.length > 0 && radios.every(({ attributes }) => attributes.checked === undefined))
    assert.match(textOf(page), /Mia Berg You are a parent Born April 2, 2018 Sex Female Record number M-1/)
  }
})

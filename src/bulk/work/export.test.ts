import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { exportEngine, lives } from '../../../test/support/export-engine.ts'
import { assertSame } from '../../../test/support/made-export.ts'

const engine = await exportEngine()
after(() => engine[Symbol.asyncDispose]())

const resources = lives(6)
const practice = await engine.addPractice()
await practice.load(resources)

test('a system export holds the state at T, each text to the letter, in files that are cut where they are full', async () => {
  const { exported, files, lines } = await practice.run({})
  assertSame(lines, await practice.stateAt(exported.t))
  assert.equal(lines.size, resources.length)
  for (const file of files) assert.ok(file.lines <= 50 && file.lines > 0)
  const names = files.map(({ name }) => name)
  assert.ok(names.includes('Observation-1.ndjson') && names.includes('Observation-2.ndjson'))
  assert.equal(exported.progress, 1)
})

test('files that are packed hold the same, and say so', async () => {
  const { exported, files, lines } = await practice.run({}, { isGzipped: true })
  assertSame(lines, await practice.stateAt(exported.t))
  assert.ok(files.every(({ encoding, storedBytes, bytes }) => encoding === 'gzip' && storedBytes !== bytes))
})

test('a file ends before it has more bytes than it may, unless a single line has', async () => {
  const { exported, files, lines } = await practice.run({}, { mostBytes: 5000, mostLines: 1000 })
  assertSame(lines, await practice.stateAt(exported.t))
  assert.ok(files.some(({ bytes }) => bytes > 5000))
  assert.ok(files.some(({ lines: several }) => several > 1))
  for (const { bytes, lines: several } of files) assert.ok(bytes <= 5000 || several === 1, `${bytes} in ${several}`)
})

test('an export of all patients holds what is somebody’s, and the shared resources', async () => {
  const { exported, lines } = await practice.run({ level: 'patient' })
  const state = await practice.stateAt(exported.t)
  const expected = [...state].filter(([key]) => !/^(Group|List|Questionnaire)\//.test(key))
  assert.deepEqual(
    expected.map(([key]) => key).filter((key) => !lines.has(key)),
    [],
  )
  assert.ok(![...lines.keys()].some((key) => key.startsWith('Group/')))
})

test('an export of named patients holds these and no others', async () => {
  const { lines } = await practice.run({ level: 'patient', patients: ['p2', 'nobody'] })
  assert.deepEqual(keysOf(lines, 'Patient'), ['Patient/p2'])
  for (const key of ['Observation', 'Practitioner', 'Provenance'])
    assert.ok(keysOf(lines, key).length > 0, `${key} is there`)
})

test('an export of a group holds the records of its members and the shared resources that they name, and nothing else', async () => {
  const member = ['p1', 'p3'].map((id) => ({ entity: { reference: `Patient/${id}` } }))
  await practice.load([{ resourceType: 'Group', id: 'g', type: 'person', actual: true, member }])
  const { exported, lines } = await practice.run({ level: 'group', group: 'g' })
  const state = await practice.stateAt(exported.t)
  assert.deepEqual(keysOf(lines, 'Patient'), ['Patient/p1', 'Patient/p3'])
  const own = (id: string) =>
    [...state].filter(([, text]) => text.includes(`"reference":"Patient/${id}"`)).map(([key]) => key)
  assert.deepEqual(
    [...own('p1'), ...own('p3')].filter((key) => !lines.has(key) && !key.startsWith('Group/')),
    [],
  )
  for (const [key, text] of lines) {
    const others = /"(?:subject|patient|beneficiary)":\{"reference":"Patient\/(?!p1"|p3")/.exec(text)
    assert.equal(others, null, key)
  }
  const shared = /"(?:Practitioner|PractitionerRole|Organization|Location|Medication|HealthcareService)\/[^"]+"/g
  const named = new Set(
    [...lines.values()].flatMap((text) => text.match(shared) ?? []).map((quoted) => quoted.slice(1, -1)),
  )
  assert.ok(named.size > 5)
  assert.deepEqual(
    [...named].filter((key) => state.has(key) && !lines.has(key)),
    [],
  )
  const unnamed = [...lines.keys()].filter((key) => key.startsWith('Practitioner/') && !named.has(key))
  assert.deepEqual(unnamed, [])
  assert.ok(keysOf(lines, 'Provenance').length > 0)
})

test('members of a group that are no patients go out once, though records name them, too', async () => {
  const { lines: before } = await practice.run({ level: 'group', group: 'g' })
  const [named = ''] = keysOf(before, 'Practitioner')
  await practice.load([{ resourceType: 'Practitioner', id: 'unnamed' }])
  const member = ['Patient/p1', 'Patient/p3', named, 'Practitioner/unnamed'].map((reference) => ({
    entity: { reference },
  }))
  await practice.load([{ resourceType: 'Group', id: 'mixed', type: 'practitioner', actual: true, member }])
  const { lines } = await practice.run({ level: 'group', group: 'mixed' })
  assert.deepEqual(
    keysOf(lines, 'Practitioner'),
    [...keysOf(before, 'Practitioner'), 'Practitioner/unnamed'].toSorted(),
  )
})

test('a Device of a member that a filter or a scope picks does not come once more with what is referred to', async () => {
  const there = await engine.addPractice()
  await there.load([
    { resourceType: 'Patient', id: 'a' },
    { resourceType: 'Device', id: 'own', patient: { reference: 'Patient/a' } },
    { resourceType: 'Device', id: 'nobodys' },
    observation('1', 'a', { device: { reference: 'Device/own' } }),
    observation('2', 'a', { device: { reference: 'Device/nobodys' } }),
  ])
  const limited = { any: [{ where: [{ kind: 'id', ids: ['own', 'nobodys'] }], hidden: [] }] } as const
  const all = there.see
  there.see = (type) => (type === 'Device' ? limited : all(type))
  const { lines } = await there.run({ level: 'patient', patients: ['a'] })
  assert.deepEqual(keysOf(lines, 'Device'), ['Device/nobodys', 'Device/own'])
})

test('types of which there is nothing leave no file, and an export of nothing is done', async () => {
  const there = await engine.addPractice()
  const { files, exported } = await there.run({})
  assert.deepEqual([files, exported.progress], [[], 1])
})

function keysOf(lines: ReadonlyMap<string, string>, type: string): string[] {
  return [...lines.keys()].filter((key) => key.startsWith(`${type}/`)).toSorted()
}

function observation(id: string, patient: string, more: object = {}) {
  return { resourceType: 'Observation', id, status: 'final', subject: { reference: `Patient/${patient}` }, ...more }
}

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { exportEngine } from '../../../test/support/export-engine.ts'
import type { Made } from '../../../test/support/made-export.ts'
import { addNotices } from '../records/notices-store.ts'

const engine = await exportEngine()
after(() => engine[Symbol.asyncDispose]())
const { db } = engine.app.installation

const observation = (id: string, patient: string, status = 'final', more: object = {}) => ({
  ...{
    resourceType: 'Observation',
    id,
    status,
    subject: { reference: `Patient/${patient}` },
    code: { text: 'weight' },
  },
  ...more,
})
const provenance = (id: string, recorded: string, ...targets: string[]) => ({
  ...{ resourceType: 'Provenance', id, recorded },
  ...{ target: targets.map((reference) => ({ reference })), agent: [{ who: { reference: 'Practitioner/d' } }] },
})
const group = (...members: string[]) => ({
  ...{ resourceType: 'Group', id: 'g', type: 'person', actual: true },
  member: members.map((reference) => ({ entity: { reference } })),
})
const keysOf = ({ lines }: Made) => [...lines.keys()].toSorted()

const practice = await engine.addPractice()
await practice.load([
  ...['a', 'b'].map((id) => ({ resourceType: 'Patient', id, gender: 'female' })),
  ...[
    { resourceType: 'Practitioner', id: 'd' },
    { resourceType: 'Practitioner', id: 'e', active: true },
  ],
  ...[observation('a1', 'a'), observation('a2', 'a', 'preliminary'), observation('b1', 'b')],
  provenance('old', '2026-01-01T00:00:00Z', 'Observation/a1'),
  provenance('new', '2026-02-01T00:00:00Z', 'Observation/a1', 'Observation/b1'),
  provenance('of-patient', '2026-01-01T00:00:00Z', 'Patient/a'),
  provenance('of-other', '2026-01-01T00:00:00Z', 'Patient/b'),
  group('Patient/a'),
])

for (const [name, request, expected] of [
  [
    'a filter picks rows of its type and leaves the others alone',
    { types: ['Patient', 'Observation'], filters: { Observation: ['status=preliminary'] } },
    ['Observation/a2', 'Patient/a', 'Patient/b'],
  ],
  [
    'one of several filters of a type has to match, each with all that it asks',
    { types: ['Observation'], filters: { Observation: ['status=preliminary', 'status=final&subject=Patient/b'] } },
    ['Observation/a2', 'Observation/b1'],
  ],
  [
    'a filter on a shared type picks of all in a group’s export, besides what records name nothing of it comes',
    { level: 'group', group: 'g', types: ['Patient', 'Practitioner'], filters: { Practitioner: ['active=true'] } },
    ['Patient/a', 'Practitioner/e'],
  ],
  [
    'all Provenance of a group’s records comes, of any type',
    { level: 'group', group: 'g' },
    [
      'Group/g',
      'Observation/a1',
      'Observation/a2',
      'Patient/a',
      'Practitioner/d',
      'Provenance/new',
      'Provenance/of-patient',
      'Provenance/old',
    ],
  ],
  [
    'with types, Provenance of these only',
    { level: 'group', group: 'g', types: ['Patient', 'Provenance'], isTyped: true },
    ['Patient/a', 'Provenance/of-patient'],
  ],
  [
    'the newest Provenance of each record',
    {
      level: 'group',
      group: 'g',
      types: ['Patient', 'Observation', 'Provenance'],
      isTyped: true,
      provenance: 'latest',
    },
    ['Observation/a1', 'Observation/a2', 'Patient/a', 'Provenance/new', 'Provenance/of-patient'],
  ],
  [
    'the newest Provenance at system level, too',
    { types: ['Provenance'], provenance: 'latest' },
    ['Provenance/new', 'Provenance/of-other', 'Provenance/of-patient'],
  ],
] as const) {
  test(`export: ${name}`, async () => {
    assert.deepEqual(keysOf(await practice.run(request)), expected)
  })
}

test('rows that a filter picked go out as they were at T, though they are changed before they are read', async () => {
  const there = await engine.addPractice()
  await there.load([
    { resourceType: 'Patient', id: 'a' },
    observation('1', 'a'),
    observation('2', 'a'),
    observation('3', 'a'),
  ])
  let times = 0
  there.beforeSee = async () => {
    if (++times !== 2) return
    await there.load([observation('1', 'a', 'amended')])
    await there.remove('Observation/2')
    await there.load([observation('4', 'a')])
  }
  const made = await there.run({ types: ['Observation'], filters: { Observation: ['status=final'] } })
  assert.deepEqual(keysOf(made), ['Observation/1', 'Observation/2', 'Observation/3'])
  assert.equal((JSON.parse(made.lines.get('Observation/1') ?? '') as { status: string }).status, 'final')
})

test('a Binary goes out with the document that names it, at every level, and another patient’s does not', async () => {
  const there = await engine.addPractice()
  const document = (id: string) => ({
    ...{ resourceType: 'DocumentReference', id, status: 'current', subject: { reference: `Patient/${id}` } },
    content: [{ attachment: { url: `Binary/${id}` } }],
  })
  const binary = (id: string) => ({ resourceType: 'Binary', id, contentType: 'text/plain', data: 'eA==' })
  await there.load([
    ...['a', 'b'].map((id) => ({ resourceType: 'Patient', id })),
    ...['a', 'b', 'alone'].map(binary),
    ...['a', 'b'].map(document),
  ])
  const types = ['Binary']
  assert.deepEqual(keysOf(await there.run({ types })), ['Binary/a', 'Binary/alone', 'Binary/b'])
  assert.deepEqual(keysOf(await there.run({ types, level: 'patient' })), ['Binary/a', 'Binary/b'])
  assert.deepEqual(keysOf(await there.run({ types, level: 'patient', patients: ['b'] })), ['Binary/b'])
})

test('_elements leaves what is asked for and what has to be, and says that it is less', async () => {
  const { lines } = await practice.run({ types: ['Patient', 'Observation'], elements: { Observation: ['status'] } })
  const one = JSON.parse(lines.get('Observation/a1') ?? '') as { meta: { tag: { code: string }[] } }
  assert.deepEqual(Object.keys(one).toSorted(), ['code', 'id', 'meta', 'resourceType', 'status'])
  assert.equal(one.meta.tag[0]?.code, 'SUBSETTED')
  assert.match(lines.get('Patient/a') ?? '', /"gender":"female"/)
})

test('a text with line separators and escaped line breaks stays one line, to the letter', async () => {
  const there = await engine.addPractice()
  const family = 'a\u2028b\u2029c\nd\r\ne\u0085f'
  await there.load([{ resourceType: 'Patient', id: 'a', name: [{ family }] }])
  const made = await there.run({})
  const [line = ''] = await made.linesOf('output')
  assert.equal(line, (await there.stateAt(made.exported.t)).get('Patient/a'))
  assert.equal((JSON.parse(line) as { name: { family: string }[] }).name[0]?.family, family)
})

test('an attachment that makes a line longer than 10 MB becomes a file of its own, at the address in the line', async () => {
  const there = await engine.addPractice()
  const content = Buffer.alloc(9 * 1024 * 1024, 'attached ')
  const attachment = { contentType: 'text/plain', data: content.toString('base64') }
  const document = {
    ...{ resourceType: 'DocumentReference', id: 'd', status: 'current', subject: { reference: 'Patient/a' } },
    content: [{ attachment }],
  }
  await there.load([{ resourceType: 'Patient', id: 'a' }, document])
  for (const more of [{}, { organizedBy: 'Patient' }] as const) {
    const { files, lines } = await there.run({ types: ['Patient', 'DocumentReference'], ...more })
    const [file, ...others] = files.filter(({ kind }) => kind === 'attachment')
    assert.ok(file && others.length === 0)
    assert.deepEqual([file.type, file.bytes], ['text/plain', content.length])
    const line = JSON.parse(lines.get('DocumentReference/d') ?? '') as typeof document
    assert.deepEqual(line.content[0]?.attachment, { contentType: 'text/plain', url: `http://files/${file.name}` })
    const opened = await engine.files.open(file.stored)
    assert.ok(opened)
    assert.ok(content.equals(Buffer.concat(await Array.fromAsync(opened.stream, (chunk) => chunk as Buffer))))
  }
})

test('each notice is one OperationOutcome in the error files, the same one once', async () => {
  const there = await engine.addPractice()
  await there.load([{ resourceType: 'Patient', id: 'a' }, group('Patient/a', 'Patient/gone')])
  const ready = Promise.withResolvers<void>()
  there.beforeSee = () => ready.promise
  const id = await there.begin({ level: 'group', group: 'g' })
  const notice = { severity: 'information', code: 'not-supported', sentence: 'It was ignored' } as const
  await addNotices(db, there.record.number, id, [notice])
  await addNotices(db, there.record.number, id, [notice])
  ready.resolve()
  const made = await there.made(id)
  const issues = (await made.linesOf('error')).map((line) => (JSON.parse(line) as { issue: object[] }).issue)
  assert.equal(issues.length, 2)
  assert.ok(issues.every(({ length }) => length === 1))
  assert.match(JSON.stringify(issues), /It was ignored.*Patient\/gone is named as a member of the group/)
})

test('the number of statements does not grow with the patients', async () => {
  const statements: number[] = []
  for (const members of [20, 200]) {
    const there = await engine.addPractice()
    const ids = Array.from({ length: members }, (_, i) => `p${i}`)
    await there.load(ids.map((id) => ({ resourceType: 'Patient', id })))
    await there.load(ids.map((id) => observation(id, id)))
    await there.load([group(...ids.map((id) => `Patient/${id}`))])
    engine.app.takeStatements()
    const id = await there.begin({ level: 'group', group: 'g', types: ['Patient', 'Observation'] }, { mostLines: 1000 })
    const { lines } = await there.made(id)
    assert.equal(lines.size, 2 * members)
    await engine.idle() // what the work needed is removed after the end is told
    const ofData = /\b(?:resource|resource_history|export_member|export_row|export_target|export_file|group_member)\b/
    statements.push(engine.app.takeStatements().filter((text) => ofData.test(text)).length)
  }
  assert.equal(statements[1], statements[0])
})

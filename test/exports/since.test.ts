import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from '#db'
import { type ExportingPractice, exportEngine } from '../support/export-engine.ts'
import { assertSame, type Made } from '../support/made-export.ts'

const engine = await exportEngine()
after(() => engine[Symbol.asyncDispose]())

const observation = (id: string, patient: string, note = '') => ({
  ...{ resourceType: 'Observation', id, status: 'final', subject: { reference: `Patient/${patient}` } },
  ...{ code: { text: 'weight' }, note: [{ text: `n${note}` }] },
})
const patient = (id: string) => ({ resourceType: 'Patient', id })
const group = (...members: string[]) => ({
  ...{ resourceType: 'Group', id: 'g', type: 'person', actual: true },
  member: members.map((member) => ({ entity: { reference: `Patient/${member}` } })),
})
const keysOf = ({ lines }: Made) => [...lines.keys()].toSorted()

async function twoPatients(): Promise<ExportingPractice> {
  const practice = await engine.addPractice()
  await practice.load([patient('a'), patient('b'), patient('c')])
  await practice.load([observation('a1', 'a'), observation('a2', 'a'), observation('b1', 'b'), observation('c1', 'c')])
  await practice.load([group('a', 'b')])
  return practice
}

test('_since holds what was changed after it, and names what was deleted', async () => {
  const practice = await twoPatients()
  const { exported } = await practice.run({})
  const since = exported.t
  await practice.load([observation('a1', 'a', '2'), observation('new', 'b')])
  await practice.remove('Observation/a2', 'Observation/b1')
  await practice.load([observation('b1', 'b', 'back')])
  engine.app.takeStatements()
  const made = await practice.run({ since })
  const asking = engine.app.takeStatements().filter((text) => /\.id from resource_history .*\.deleted/s.test(text))
  assert.equal(asking.length, 1, 'only of a type of which something was deleted')
  assert.deepEqual(keysOf(made), ['Observation/a1', 'Observation/b1', 'Observation/new'])
  assert.deepEqual(made.deleted, ['Observation/a2'])
  const [bundle = ''] = await made.linesOf('deleted')
  assert.deepEqual(JSON.parse(bundle), {
    ...{ resourceType: 'Bundle', type: 'transaction' },
    entry: [{ request: { method: 'DELETE', url: 'Observation/a2' } }],
  })
})

test('_until leaves out what was changed or deleted after it', async () => {
  const practice = await twoPatients()
  const since = (await practice.run({})).exported.t
  await practice.load([observation('a1', 'a', '2')])
  await practice.remove('Observation/a2')
  const until = (await practice.run({})).exported.t
  await practice.load([observation('b1', 'b', '2')])
  await practice.remove('Observation/c1')
  const made = await practice.run({ since, until })
  assert.deepEqual(keysOf(made), ['Observation/a1'])
  assert.deepEqual(made.deleted, ['Observation/a2'])
})

test('more deletions than a Bundle holds go into several', async () => {
  const practice = await engine.addPractice()
  await practice.load([patient('a')])
  const ids = Array.from({ length: 1200 }, (_, i) => `o${i}`)
  await practice.load(ids.map((id) => observation(id, 'a')))
  const since = (await practice.run({}, { mostLines: 5000 })).exported.t
  for (let at = 0; at < ids.length; at += 400)
    await practice.remove(...ids.slice(at, at + 400).map((id) => `Observation/${id}`))
  const made = await practice.run({ since })
  assert.equal((await made.linesOf('deleted')).length, 2)
  assert.deepEqual(made.deleted.toSorted(), ids.map((id) => `Observation/${id}`).toSorted())
})

test('of a group it holds all of the record of who came into it since, and deletions of its members only', async () => {
  const practice = await twoPatients()
  const since = (await practice.run({ level: 'group', group: 'g' })).exported.t
  await practice.load([group('a', 'b', 'c'), observation('b2', 'b')])
  await practice.load([patient('stranger'), observation('s1', 'stranger')])
  await practice.remove('Observation/a2', 'Observation/s1')
  const made = await practice.run({ level: 'group', group: 'g', since })
  assert.deepEqual(keysOf(made), ['Group/g', 'Observation/b2', 'Observation/c1', 'Patient/c'])
  assert.deepEqual(made.deleted, ['Observation/a2'])
})

test('all of the record of who came into the group since goes out with a filter, in blocks, and with what follows it', async () => {
  const practice = await engine.addPractice()
  const target = [{ reference: 'Observation/c1' }]
  await practice.load([patient('a'), patient('c'), observation('a1', 'a'), observation('c1', 'c'), group('a')])
  await practice.load([
    { resourceType: 'Provenance', id: 'pc', target, recorded: '2026-01-01T00:00:00Z', agent: [{ who: target[0] }] },
    { resourceType: 'Binary', id: 'bc', contentType: 'text/plain', data: 'eA==' },
    {
      ...{ resourceType: 'DocumentReference', id: 'dc', status: 'current', subject: { reference: 'Patient/c' } },
      content: [{ attachment: { url: 'Binary/bc' } }],
    },
  ])
  const since = (await practice.run({ level: 'group', group: 'g' })).exported.t
  await practice.load([group('a', 'c')])
  const filtered = await practice.run({
    ...{ level: 'group', group: 'g', since },
    filters: { Observation: ['status=final'] },
  })
  const record = ['Binary/bc', 'DocumentReference/dc', 'Group/g', 'Observation/c1', 'Patient/c', 'Provenance/pc']
  assert.deepEqual(keysOf(filtered), record)
  const latest = await practice.run({ level: 'group', group: 'g', since, provenance: 'latest' })
  assert.deepEqual(keysOf(latest), record)
  const blocks = await practice.run({ level: 'group', group: 'g', since, organizedBy: 'Patient' })
  assert.deepEqual(keysOf(blocks), ['DocumentReference/dc', 'Observation/c1', 'Patient/c'])
})

test('of a member who was deleted since, the patient and the rest are told to be deleted', async () => {
  const practice = await twoPatients()
  await practice.load([
    { ...group(), id: 'outer', member: [{ entity: { reference: 'Group/g' } }] },
    { ...group('c'), id: 'other' },
  ])
  const since = (await practice.run({})).exported.t
  await practice.remove('Observation/a1', 'Patient/a')
  for (const request of [
    { level: 'group', group: 'g' },
    { level: 'group', group: 'outer' },
  ] as const) {
    const { deleted } = await practice.run({ ...request, since })
    assert.deepEqual(deleted.toSorted(), ['Observation/a1', 'Patient/a'], request.group)
  }
  const { deleted: ofNamed } = await practice.run({ level: 'patient', patients: ['a', 'b'], since })
  assert.deepEqual(ofNamed.toSorted(), ['Observation/a1', 'Patient/a'])
  const { deleted: ofOthers } = await practice.run({ level: 'group', group: 'other', since })
  assert.deepEqual(ofOthers, [])
})

test('an export of all patients tells deletions of shared resources, too, since it holds them all', async () => {
  const practice = await twoPatients()
  await practice.load([{ resourceType: 'Practitioner', id: 'd' }])
  const since = (await practice.run({})).exported.t
  await practice.remove('Practitioner/d', 'Observation/c1', 'Group/g')
  const { deleted } = await practice.run({ level: 'patient', since })
  assert.deepEqual(deleted.toSorted(), ['Observation/c1', 'Practitioner/d'])
})

test('a deletion is told to whom the last version might have been shown', async () => {
  const practice = await engine.addPractice()
  const security = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }]
  const label = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality|R'
  await practice.load([patient('a'), observation('open', 'a'), { ...observation('hidden', 'a'), meta: { security } }])
  const since = (await practice.run({})).exported.t
  await practice.remove('Observation/open', 'Observation/hidden')
  practice.see = () => ({ any: [{ where: [], hidden: [label] }] })
  assert.deepEqual((await practice.run({ since })).deleted, ['Observation/open'])
})

/** What a client holds that puts files into a map and takes out what was deleted. */
function apply(held: Map<string, string>, { lines, deleted }: Made) {
  for (const [key, text] of lines) held.set(key, text)
  for (const key of deleted) {
    assert.ok(!lines.has(key), `${key} is in output and in deleted`)
    held.delete(key)
  }
}

for (const clock of ['as it is', 'set back'] as const) {
  test(`transactionTime as the next _since loses and doubles nothing while others write, the clock ${clock}`, async () => {
    const practice = await engine.addPractice()
    const { db } = engine.app.installation
    const ids = Array.from({ length: 40 }, (_, i) => `o${i}`)
    await practice.load([patient('a'), ...ids.map((id) => observation(id, 'a'))])
    if (clock === 'set back') {
      // T was taken by a clock that went an hour ahead
      await practice.run({})
      await db.run(sql`update practice_clock set high = high + 3600000000 where practice = ${practice.record.number}`)
    }
    let isOver = false
    let written = 0
    const write = async (seed: number) => {
      for (let i = 0; !isOver; i++) {
        const id = `o${(i * 7 + seed * 13) % 60}`
        if ((i + seed) % 3 === 0) await practice.remove(`Observation/${id}`)
        else {
          await practice.load([observation(id, 'a', `${seed} ${i}`)])
          written++
        }
      }
    }
    const writing = [1, 2].map(write)
    const held = new Map<string, string>()
    let since: number | undefined
    try {
      for (let i = 0; i < 5; i++) {
        for (const before = written; written < before + 2; ) await sleep(5)
        const made = await practice.run(since === undefined ? {} : { since })
        apply(held, made)
        assertSame(held, await practice.stateAt(made.exported.t))
        if (since !== undefined) assert.ok(made.lines.size < 60 && made.lines.size + made.deleted.length > 0)
        since = made.exported.t
      }
    } finally {
      isOver = true
      await Promise.all(writing)
    }
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConstraint } from '#fhir'
import type { Change, Predicate, See, Store } from '#store'
import { type TestApp, testApp } from '../support/test-app.ts'

const all: Predicate = { any: [{ where: [], hidden: [] }] }
const ofPatients = (...patients: string[]): Predicate => ({ any: [{ patients, where: [], hidden: [] }] })
const everything = { create: all, update: all, delete: all }
const seeAll: See = () => all

type More = Partial<Omit<Change, 'operation'>>

function putting(resource: { resourceType: string; id: string } & object, more: More = {}): Change {
  const { resourceType: type, id } = resource
  return { operation: { kind: 'put', type, id, text: JSON.stringify(resource), resource }, may: everything, ...more }
}

function deleting(type: string, id: string, more: More = {}): Change {
  return { operation: { kind: 'delete', type, id }, may: everything, ...more }
}

const patient = (id: string, family = 'Abel') => ({ resourceType: 'Patient', id, name: [{ family }] })
const observation = (id: string, subject: string, more: object = {}) => ({
  ...{ resourceType: 'Observation', id, status: 'final', code: { text: 'x' } },
  ...{ subject: { reference: `Patient/${subject}` }, ...more },
})

async function north(app: TestApp): Promise<Store> {
  return app.storeOf(await app.addPractice('north'))
}

const current = async (store: Store, type: string, id: string) => {
  const found = await store.read(seeAll, type, id)
  return found.state === 'current' ? (JSON.parse(found.row.body) as Record<string, unknown>) : found.state
}

test('change() creates, replaces, keeps and deletes, and answers what is stored', async () => {
  await using app = await testApp()
  const store = await north(app)
  const [created] = await store.change(seeAll, [putting(patient('p1'))])
  assert.equal(created?.outcome, 'created')
  assert.equal(JSON.parse(created?.body ?? '').meta.versionId, '1')
  const [unchanged] = await store.change(seeAll, [putting(patient('p1'))])
  assert.deepEqual(unchanged, { ...created, outcome: 'unchanged' })
  const [updated] = await store.change(seeAll, [putting(patient('p1', 'Baker'), { ifMatch: [1] })])
  assert.deepEqual([updated?.outcome, updated?.version], ['updated', 2])
  assert.deepEqual(JSON.parse(updated?.body ?? ''), await current(store, 'Patient', 'p1'))
  const [deleted] = await store.change(seeAll, [deleting('Patient', 'p1')])
  assert.deepEqual([deleted?.outcome, deleted?.version, deleted?.body], ['deleted', 3, undefined])
  const [absent] = await store.change(seeAll, [deleting('Patient', 'p1')])
  assert.equal(absent?.outcome, 'absent')
  const [again] = await store.change(seeAll, [putting(patient('p1'))])
  assert.deepEqual([again?.outcome, again?.version], ['created', 4])
})

for (const [what, change, kind, sentence] of [
  ['nothing may be created', putting(patient('p9'), { may: { update: all } }), 'forbidden', /Cannot create Patient/],
  ['nothing may be updated', putting(patient('p1', 'B'), { may: { create: all } }), 'forbidden', /Cannot update/],
  ['nothing may be deleted', deleting('Patient', 'p1', { may: { update: all } }), 'forbidden', /Cannot delete/],
  [
    'what is stored is of another patient',
    putting(observation('o2', 'p1'), { may: { update: ofPatients('p1') } }),
    'forbidden',
    /Observation\/o2/,
  ],
  [
    'the new content is of another patient',
    putting(observation('o1', 'p2'), { may: { update: ofPatients('p1') } }),
    'forbidden',
    /Observation\/o1/,
  ],
  [
    'what is deleted is of another patient',
    deleting('Observation', 'o2', { may: { delete: ofPatients('p1') } }),
    'forbidden',
    /Observation\/o2/,
  ],
  ['If-Match names an older version', putting(patient('p1', 'B'), { ifMatch: [7] }), 'stale', /its version is 1/],
  ['If-Match is given for nothing', putting(patient('p9'), { ifMatch: 'any' }), 'stale', /not stored/],
  ['If-Match is given for an unchanged content', putting(patient('p1'), { ifMatch: [7] }), 'stale', /If-Match/],
  ['the new id is taken', putting(patient('p1', 'B'), { isNew: true }), 'conflict', /taken/],
  [
    'a reference leads nowhere',
    putting(observation('o3', 'nobody'), { refuseDangling: true }),
    'invalid',
    /Patient\/nobody/,
  ],
  [
    'others refer to what is deleted',
    deleting('Patient', 'p1', { refuseReferenced: true }),
    'conflict',
    /Observation\/o1/,
  ],
] as const) {
  test(`change() refuses all of a call when ${what}`, async () => {
    await using app = await testApp()
    const store = await north(app)
    await store.change(seeAll, [putting(patient('p1')), putting(patient('p2'))])
    await store.change(seeAll, [putting(observation('o1', 'p1')), putting(observation('o2', 'p2'))])
    await assert.rejects(
      store.change(seeAll, [putting(patient('p3')), change]),
      (problem: Error & { kind: string }) => {
        assert.equal(problem.kind, kind, problem.message)
        assert.match(problem.message, sentence)
        return true
      },
    )
    assert.equal(await current(store, 'Patient', 'p3'), 'none')
    assert.deepEqual(((await current(store, 'Observation', 'o2')) as { subject: object }).subject, {
      reference: 'Patient/p2',
    })
  })
}

test('change() refuses two changes of one id', async () => {
  await using app = await testApp()
  const store = await north(app)
  await assert.rejects(store.change(seeAll, [putting(patient('p1')), deleting('Patient', 'p1')]), { kind: 'incorrect' })
})

test('change() tells no version to who may not see the row', async () => {
  await using app = await testApp()
  const store = await north(app)
  await store.change(seeAll, [putting(patient('p1'))])
  const stale = store.change(() => undefined, [putting(patient('p1', 'B'), { ifMatch: [7] })])
  await assert.rejects(stale, ({ message }: Error) => !/version is/.test(message))
})

test('change() counts what the same call brings, and what it takes away, where references are refused', async () => {
  await using app = await testApp()
  const store = await north(app)
  const more = { refuseDangling: true, refuseReferenced: true }
  await store.change(seeAll, [putting(observation('o1', 'p1'), more), putting(patient('p1'), more)])
  await store.change(seeAll, [deleting('Patient', 'p1', more), deleting('Observation', 'o1', more)])
  assert.equal(await current(store, 'Patient', 'p1'), 'deleted')
})

test('change() names no referrer that the principal may not see', async () => {
  await using app = await testApp()
  const store = await north(app)
  await store.change(seeAll, [putting(patient('p1')), putting(observation('o1', 'p1'))])
  const see: See = (type) => (type === 'Patient' ? all : undefined)
  await assert.rejects(store.change(see, [deleting('Patient', 'p1', { refuseReferenced: true })]), {
    kind: 'conflict',
    message: 'Cannot delete Patient/p1: referred to by other resources; change or delete these first',
  })
})

const laboratory = { category: [{ coding: [{ system: 'http://x', code: 'laboratory' }] }] }
const vitals = { category: [{ coding: [{ system: 'http://x', code: 'vital-signs' }] }] }

test('change() keeps a right with a constraint to rows that meet it, before and after', async () => {
  await using app = await testApp()
  const store = await north(app)
  const where = parseConstraint('Observation', 'category=laboratory')
  const may = { create: { any: [{ where, hidden: [] }] }, update: { any: [{ where, hidden: [] }] } }
  await store.change(seeAll, [putting(patient('p1'))])
  await store.change(seeAll, [putting(observation('o1', 'p1', laboratory), { may })])
  const refused = { kind: 'forbidden' }
  await assert.rejects(store.change(seeAll, [putting(observation('o2', 'p1', vitals), { may })]), refused)
  await assert.rejects(store.change(seeAll, [putting(observation('o1', 'p1', vitals), { may })]), refused)
  await store.change(seeAll, [putting(observation('o3', 'p1', vitals))])
  await assert.rejects(store.change(seeAll, [putting(observation('o3', 'p1', laboratory), { may })]), refused)
  assert.equal(await current(store, 'Observation', 'o2'), 'none')
  assert.deepEqual(((await current(store, 'Observation', 'o1')) as typeof laboratory).category, laboratory.category)
})

/** Whose turn it is, and that ends of many exports at once neither lose a turn nor wait for each other in turn. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Problem } from '#lib'
import { type ExportingPractice, exportEngine } from '../../../test/support/export-engine.ts'
import { deleteExport } from './deletion-store.ts'
import { lockTurns, startNext } from './start-store.ts'

const idle = await exportEngine({ isIdle: true })
const busy = await exportEngine()
after(() => Promise.all([idle[Symbol.asyncDispose](), busy[Symbol.asyncDispose]()]))

const remove = ({ record }: ExportingPractice, id: string) =>
  idle.app.installation.db.transaction((transaction) => deleteExport(transaction, record.number, id))

/** Exports of a client, which say how many may run at once: of the client, and at the practice. */
async function queue(practice: ExportingPractice, client: string, count: number, own: number, inPractice: number) {
  const ids: string[] = []
  for (let i = 0; i < count; i++) {
    ids.push(await practice.begin({}, { mostRunning: own, mostInPractice: inPractice }, client))
  }
  return ids
}

/** Names of those that run, in the order of `named`. */
async function running(practice: ExportingPractice, named: Readonly<Record<string, string>>): Promise<string> {
  const all = await Promise.all(
    Object.entries(named).map(async ([name, id]) => ((await practice.find(id)).state === 'running' ? name : '')),
  )
  return all.filter((name) => name !== '').join(' ')
}

function named(...lists: readonly (readonly [client: string, ids: readonly string[]])[]) {
  return Object.fromEntries(lists.flatMap(([client, ids]) => ids.map((id, i) => [`${client}${i + 1}`, id] as const)))
}

test('P27: a client with 50 queued exports does not keep another from its first', async () => {
  const practice = await idle.addPractice()
  const many = await queue(practice, 'a', 50, 1, 1)
  const one = await queue(practice, 'b', 2, 1, 1)
  const all = named(['a', many], ['b', one])
  const turns = []
  for (let turn = 0; turn < 6; turn++) {
    const [name = ''] = (await running(practice, all)).split(' ')
    turns.push(name)
    await remove(practice, all[name] ?? '')
  }
  assert.deepEqual(turns, ['a1', 'b1', 'a2', 'b2', 'a3', 'a4'])
})

test('whoever has fewest running comes first, and nobody has more than its own', async () => {
  const practice = await idle.addPractice()
  const a = await queue(practice, 'a', 5, 2, 4)
  const b = await queue(practice, 'b', 5, 3, 4)
  const c = await queue(practice, 'c', 1, 2, 4)
  const all = named(['a', a], ['b', b], ['c', c])
  assert.equal(await running(practice, all), 'a1 a2 b1 b2')
  await remove(practice, all.b1 ?? '')
  assert.equal(await running(practice, all), 'a1 a2 b2 c1')
  await remove(practice, all.c1 ?? '')
  assert.equal(await running(practice, all), 'a1 a2 b2 b3')
  for (const name of ['a1', 'a2', 'a3', 'a4', 'a5']) await remove(practice, all[name] ?? '')
  assert.equal(await running(practice, all), 'b2 b3 b4', 'three of b at most, though four might run')
})

test('another practice has turns of its own', async () => {
  const [first, second] = [await idle.addPractice(), await idle.addPractice()]
  await queue(first, 'a', 2, 1, 1)
  const there = named(['a', await queue(second, 'a', 2, 1, 1)])
  assert.equal(await running(second, there), 'a1')
})

test('kick-offs and DELETEs at once start no more than may run, and as many', async () => {
  const practice = await idle.addPractice()
  const ids = await Promise.all(
    Array.from({ length: 16 }, (_, i) => practice.begin({}, { mostRunning: 2, mostInPractice: 3 }, `c${i % 4}`)),
  )
  const states = async () => (await Promise.all(ids.map(practice.find))).map(({ state }) => state)
  const count = (all: readonly string[], state: string) => all.filter((one) => one === state).length
  assert.equal(count(await states(), 'running'), 3)
  await Promise.all([...ids.slice(0, 10).map((id) => remove(practice, id)), practice.begin({}, {}, 'late')])
  const left = await states()
  assert.deepEqual([count(left, 'deleted'), count(left, 'queued') + count(left, 'running')], [10, 6])
  assert.ok(count(left, 'running') >= 2)
})

test('exports that end at once, done, failed, deleted or begun anew, all end, and the last one has its turn', async () => {
  const practice = await busy.addPractice()
  await practice.load(Array.from({ length: 40 }, (_, i) => ({ resourceType: 'Patient', id: `p${i}` })))
  await busy.addWorker(4)
  let files = 0
  busy.beforeFinish = async () => {
    if (++files % 3 === 0) throw new Problem('forbidden', 'It may not')
  }
  const limits = { mostRunning: 3, mostInPractice: 6, mostLines: 10 }
  const begin = (n: number) => practice.begin({}, limits, `c${n % 3}`)
  const ids = await Promise.all(Array.from({ length: 18 }, (_, n) => begin(n)))
  const { db } = busy.app.installation
  for (const [n, id] of ids.entries()) {
    if (n % 4 > 0) continue
    ids.push(...(await Promise.all([begin(n), begin(n + 1)])))
    await Promise.all([
      db.transaction((transaction) => deleteExport(transaction, practice.record.number, id)),
      db.transaction((transaction) => startNext(transaction, practice.record.number)),
    ])
  }
  const states = (await Promise.all(ids.map(practice.ended))).map(({ state }) => state)
  busy.beforeFinish = async () => {}
  for (const state of ['failed', 'deleted']) assert.ok(states.includes(state as 'failed'), states.join(' '))
  assert.deepEqual(
    [...new Set(states)].filter((state) => !['done', 'failed', 'deleted'].includes(state)),
    [],
  )
})

test('an export that fails while another holds the turns has failed at once; the next one starts when they are free', async () => {
  const practice = await busy.addPractice()
  await practice.load([{ resourceType: 'Patient', id: 'p' }])
  const locked = Promise.withResolvers<void>()
  practice.beforeSee = async () => {
    await locked.promise
    throw new Problem('forbidden', 'It may not')
  }
  const limits = { mostRunning: 1, mostInPractice: 1 }
  const { db } = busy.app.installation
  const first = await practice.begin({}, limits)
  const second = await practice.begin({}, limits)
  await db.transaction(async (transaction) => {
    await lockTurns(transaction, practice.record.number)
    locked.resolve()
    const { state, problem } = await practice.ended(first)
    assert.deepEqual([state, problem], ['failed', 'forbidden'])
    assert.equal((await practice.find(second)).state, 'queued')
  })
  assert.equal((await practice.ended(second)).state, 'failed')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem } from '#lib'
import type { WriteOperation, WriteResult } from '#store'
import type { Unit } from './unit.ts'
import { writerTo } from './writer.ts'

const result: WriteResult = { outcome: 'created', version: 1, updated: 0 }
const put = (id: string, text = '{}'): WriteOperation => ({ kind: 'put', type: 'Patient', id, text, resource: {} })
const unit = (...operations: WriteOperation[]): Unit => ({ operations, places: operations.map(() => ({ file: 'f' })) })

/** A store whose writes end when the test says so. */
function heldStore() {
  const writes: { ids: string[]; end: () => void }[] = []
  const write = (operations: readonly WriteOperation[]) =>
    new Promise<WriteResult[]>((done) => {
      writes.push({ ids: operations.map(({ id }) => id), end: () => done(operations.map(() => result)) })
    })
  return { writes, write }
}

const quiet = { written() {}, refused() {} }
const tick = () => new Promise((done) => setImmediate(done))

test('writerTo() holds back when two batches are under way', async () => {
  const { writes, write } = heldStore()
  const writer = writerTo({ write, ...quiet, operationsPerBatch: 1 })
  await writer.add(unit(put('a')))
  await writer.add(unit(put('b')))
  let isAdded = false
  const third = writer.add(unit(put('c')))?.then(() => (isAdded = true))
  await tick()
  assert.deepEqual([writes.length, isAdded], [2, false])
  writes[0]?.end()
  await third
  assert.equal(writes.length, 3)
})

test('writerTo() never has two versions of one resource under way', async () => {
  const { writes, write } = heldStore()
  const writer = writerTo({ write, ...quiet, operationsPerBatch: 1 })
  await writer.add(unit(put('a', '1')))
  const second = writer.add(unit(put('a', '2')))
  await tick()
  assert.equal(writes.length, 1)
  writes[0]?.end()
  await second
  assert.equal(writes.length, 2)
})

test('writerTo() writes the last of several versions in a batch', async () => {
  const texts: string[] = []
  const write = async (operations: readonly WriteOperation[]) => {
    for (const operation of operations) texts.push(operation.kind === 'put' ? operation.text : '')
    return operations.map(() => result)
  }
  let replaced = 0
  const writer = writerTo({ write, ...quiet, replaced: () => void replaced++ })
  await writer.add(unit(put('a', '1')))
  await writer.add(unit(put('b', '2')))
  await writer.add(unit(put('a', '3')))
  await writer.flush()
  assert.deepEqual([texts, replaced], [['3', '2'], 1])
})

test('writerTo() finds the unit at fault and writes the others; a transaction stays whole', async () => {
  const written: string[] = []
  const refused: string[] = []
  const writer = writerTo({
    async write(operations) {
      if (operations.some(({ id }) => id === 'bad')) throw new Problem('incorrect', 'Cannot store it')
      return operations.map(() => result)
    },
    written: ({ operations }) => void written.push(...operations.map(({ id }) => id)),
    refused: ({ operations }) => void refused.push(...operations.map(({ id }) => id)),
  })
  for (const one of [unit(put('a')), unit(put('b')), unit(put('c'), put('bad')), unit(put('d'))]) await writer.add(one)
  await writer.flush()
  assert.deepEqual(
    [written, refused],
    [
      ['a', 'b', 'd'],
      ['c', 'bad'],
    ],
  )
})

for (const problem of [new Problem('unavailable', 'The database is away'), new Error('broken')]) {
  test(`writerTo() ends with "${problem.message}"`, async () => {
    const writer = writerTo({ write: () => Promise.reject(problem), ...quiet })
    await writer.add(unit(put('a')))
    await assert.rejects(writer.flush(), problem)
  })
}

test('writerTo() stops after what is under way', async () => {
  const { writes, write } = heldStore()
  const written: string[] = []
  const writer = writerTo({
    write,
    ...quiet,
    operationsPerBatch: 2,
    written: ({ operations }) => void written.push(...operations.map(({ id }) => id)),
  })
  for (const id of ['a', 'b', 'c']) await writer.add(unit(put(id)))
  const stopped = writer.stop()
  writes[0]?.end()
  await stopped
  assert.deepEqual([written, writes.length], [['a', 'b'], 1])
})

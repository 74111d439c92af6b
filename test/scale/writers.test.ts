import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { test } from 'node:test'
import { sql } from '#db'
import type { Problem } from '#lib'
import type { Predicate, See, Store, WriteOperation } from '#store'
import { takeT } from '#store'
import { openInstallation } from '../../src/app.ts'
import { asOf } from '../support/as-of.ts'
import { testApp } from '../support/test-app.ts'

const all: Predicate = { any: [{ where: [], hidden: [] }] }
const may = { create: all, update: all, delete: all }
const see: See = () => all

const writing = (store: Store, operation: WriteOperation) => store.write([operation])
const changing = (store: Store, operation: WriteOperation) => store.change(see, [{ operation, may }])

const put = (id: string, mark: string): WriteOperation => {
  const resource = { resourceType: 'Patient', id, name: [{ family: mark }] }
  return { kind: 'put', type: 'Patient', id, text: JSON.stringify(resource), resource }
}

interface Version {
  ver: number
  upd: string
  replaced: string
}

const replacement = (n: number) => put('p1', `writer ${n}`)
const replacementOrDeletion = (n: number): WriteOperation =>
  n % 3 === 0 ? { kind: 'delete', type: 'Patient', id: 'p1' } : replacement(n)

for (const [what, done, operationOf, versions] of [
  ['replace one id by write()', writing, replacement, 16 * 5],
  ['create, replace and delete one id by write()', writing, replacementOrDeletion, undefined],
  ['replace one id by change()', changing, replacement, 16 * 5],
  ['create, replace and delete one id by change()', changing, replacementOrDeletion, undefined],
] as const) {
  test(`16 writers at once that ${what} make versions without a gap and a complete history`, async () => {
    await using app = await testApp()
    const practice = await app.addPractice('north')
    const stores: Store[] = Array.from({ length: 16 }, () => app.storeOf(practice))
    const writes = stores.map(async (store, writer) => {
      const results = []
      for (let i = 0; i < 5; i++) results.push(...(await done(store, operationOf(writer * 5 + i))))
      return results
    })
    const results = (await Promise.all(writes))
      .flat()
      .filter(({ outcome }) => outcome !== 'absent' && outcome !== 'unchanged')
    const rows = await app.installation.db.many<Version>(sql`
      select * from (
        select ver, upd, replaced from resource_history where practice = ${practice.number}
        union all select ver, upd, 9223372036854775807 from resource where practice = ${practice.number}
      ) as versions order by ver
    `)
    assert.deepEqual(
      rows.map(({ ver }) => ver),
      rows.map((_, i) => i + 1),
    )
    assert.deepEqual(
      results.map(({ version }) => version).sort((a, b) => a - b),
      rows.map(({ ver }) => ver),
    )
    if (versions !== undefined) assert.equal(rows.length, versions)
    for (const [i, { replaced }] of rows.entries()) assert.equal(replaced, rows[i + 1]?.upd ?? '9223372036854775807')
  })
}

test('of two parallel changes with the same If-Match one is done, the other is stale, always', async () => {
  await using app = await testApp()
  const practice = await app.addPractice('north')
  // an installation of its own: there, nothing is joined with what comes here
  await using other = await openInstallation(app.installation.settings)
  const stores = [app.storeOf(practice), app.storeOf(practice), other.storeOf(practice)]
  let version = 1
  await stores[0]?.change(see, [{ operation: put('p1', 'first'), may }])
  for (let round = 0; round < 40; round++) {
    const [one, another] = [stores[0] as Store, stores[1 + (round % 2)] as Store]
    const settled = await Promise.allSettled(
      [one, another].map((store, i) =>
        store.change(see, [{ operation: put('p1', `${round} ${i}`), may, ifMatch: [version] }]),
      ),
    )
    const done = settled.flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
    const kinds = settled.flatMap((each) => (each.status === 'rejected' ? [(each.reason as Problem).kind] : []))
    assert.deepEqual([done.map((each) => each.version), kinds], [[version + 1], ['stale']], `round ${round}`)
    version++
  }
})

test('changes at once share a transaction, and a refused one takes no other with it', async () => {
  await using app = await testApp()
  const store = app.storeOf(await app.addPractice('north'))
  await store.change(see, [{ operation: put('p1', 'first'), may }])
  app.takeStatements()
  const settled = await Promise.allSettled([
    store.change(see, [{ operation: put('p2', 'new'), may }]),
    store.change(see, [{ operation: put('p1', 'stale'), may, ifMatch: [7] }]),
    store.change(see, [{ operation: put('p3', 'forbidden'), may: {} }]),
    store.change(see, [
      { operation: put('p4', 'all or nothing'), may },
      { operation: put('p1', 'stale'), may, ifMatch: [7] },
    ]),
    store.change(see, [{ operation: put('p5', 'new'), may }]),
  ])
  const outcomes = settled.map((each) =>
    each.status === 'fulfilled' ? each.value.map(({ outcome }) => outcome).join() : (each.reason as Problem).kind,
  )
  // the fourth has a key of the second, so it comes after it
  assert.deepEqual(outcomes, ['created', 'stale', 'forbidden', 'stale', 'created'])
  const inserts = app.takeStatements().filter((text) => text.startsWith('insert into resource '))
  assert.equal(inserts.length, 1)
  for (const [id, state] of [
    ['p1', 'current'],
    ['p2', 'current'],
    ['p3', 'none'],
    ['p4', 'none'],
    ['p5', 'current'],
  ] as const) {
    assert.equal((await store.read(see, 'Patient', id)).state, state, id)
  }
})

test('a change that the database refuses takes no other with it', async () => {
  await using app = await testApp()
  const store = app.storeOf(await app.addPractice('north'))
  const bad = put('p2', 'new')
  const settled = await Promise.allSettled([
    store.change(see, [{ operation: put('p1', 'new'), may }]),
    store.change(see, [
      { operation: { ...bad, text: (bad as { text: string }).text.replace('new', '\0') } as never, may },
    ]),
    store.change(see, [{ operation: put('p3', 'new'), may }]),
  ])
  assert.deepEqual(
    settled.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
})

test('kill -9 of a process that writes loses nothing that it reported', async () => {
  await using app = await testApp()
  const practice = await app.addPractice('north')
  const { db, settings } = app.installation
  const child = fork(new URL('./reporting-writer.ts', import.meta.url), {
    env: { ...process.env, DATABASE_URL: settings.databaseUrl },
  })
  const reported = new Set<string>()
  const killed = Promise.withResolvers<void>()
  child.on('message', (ids: string[]) => {
    for (const id of ids) reported.add(id)
    if (reported.size > 300) child.kill('SIGKILL')
  })
  child.on('exit', () => killed.resolve())
  await killed.promise
  assert.ok(reported.size > 300)
  const stored = new Set<string>()
  const t = await db.transaction((transaction) => takeT(transaction, practice.number))
  for await (const rows of asOf(db, practice.number, t, { types: ['Patient'] }))
    for (const { id } of rows) stored.add(id)
  assert.deepEqual(
    [...reported].filter((id) => !stored.has(id)),
    [],
  )
  assert.equal(stored.size % 50, 0, 'a chunk is written whole or not at all')
})

import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { test } from 'node:test'
import { sql } from '#db'
import type { Store, WriteOperation } from '#store'
import { asOf, takeT } from '#store'
import { testApp } from '../support/test-app.ts'

const put = (id: string, mark: string): WriteOperation => {
  const resource = { resourceType: 'Patient', id, name: [{ family: mark }] }
  return { kind: 'put', type: 'Patient', id, text: JSON.stringify(resource), resource }
}

interface Version {
  ver: number
  upd: string
  replaced: string
}

for (const [what, operationOf, versions] of [
  ['replace', (n: number) => put('p1', `writer ${n}`), 16 * 5],
  [
    'create, replace and delete',
    (n: number) => (n % 3 === 0 ? { kind: 'delete' as const, type: 'Patient', id: 'p1' } : put('p1', `writer ${n}`)),
    undefined,
  ],
] as const) {
  test(`16 writers at once that ${what} one id make versions without a gap and a complete history`, async () => {
    await using app = await testApp()
    const practice = await app.addPractice('north')
    const stores: Store[] = Array.from({ length: 16 }, () => app.storeOf(practice))
    const writes = stores.map(async (store, writer) => {
      const results = []
      for (let i = 0; i < 5; i++) results.push(...(await store.write([operationOf(writer * 5 + i)])))
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

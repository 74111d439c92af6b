import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '#db'
import { exportEngine } from '../support/export-engine.ts'

test('Provenance of a group is looked up by what is kept in order, and by all tokens until a reindex has kept it so', async () => {
  await using engine = await exportEngine()
  const { db } = engine.app.installation
  const practice = await engine.addPractice()
  const [a, b] = ['Patient/a', 'Patient/b'].map((reference) => ({ reference }))
  const provenance = (id: string, target: object) => ({
    ...{ resourceType: 'Provenance', id, recorded: '2026-01-01T00:00:00Z', target: [target], agent: [{ who: target }] },
  })
  await practice.load([
    { resourceType: 'Patient', id: 'a' },
    { resourceType: 'Patient', id: 'b' },
    provenance('of-a', a as object),
    provenance('of-b', b as object),
    { resourceType: 'Group', id: 'g', type: 'person', actual: true, member: [{ entity: a }] },
  ])
  const found = async () => {
    const { lines } = await practice.run({ level: 'group', group: 'g', types: ['Provenance'] })
    return [...lines.keys()]
  }
  assert.deepEqual(await found(), ['Provenance/of-a'])
  await db.run(sql`delete from index_token where practice = ${practice.record.number}`)
  assert.deepEqual(await found(), [])
  await db.run(sql`update index_state set fingerprint = 'older' where practice = ${practice.record.number}`)
  assert.deepEqual(await found(), ['Provenance/of-a'])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSeals } from '#lib'
import { addPractice } from '#platform'
import { testDatabase } from '../../../test/support/database.ts'
import { publishedKeys } from './published-keys.ts'

const day = 24 * 3600 * 1000

test('a key signs for 90 days, is published 90 days before and a day after (S-29)', async () => {
  await using database = await testDatabase()
  const { db } = database
  const { number } = await addPractice(db, 'north', {})
  const skewMs = 600_000
  const start = Date.UTC(2026, 0, 1)
  const begins = start - skewMs
  const at = async (time: number) => {
    const keys = await publishedKeys({ db, seals: openSeals([]) }, number, time)
    return { numbers: keys.map((key) => key.number), signs: keys.find(({ beginsAt }) => beginsAt <= time)?.number }
  }
  assert.deepEqual(await at(start), { numbers: [2, 1], signs: 1 })
  assert.deepEqual(await at(start - 1000), { numbers: [2, 1], signs: 1 }, 'by a clock that is behind')
  assert.deepEqual(await at(begins + 90 * day - 1), { numbers: [2, 1], signs: 1 })
  assert.deepEqual(await at(begins + 90 * day), { numbers: [3, 2, 1], signs: 2 })
  assert.deepEqual(await at(begins + 91 * day - 1), { numbers: [3, 2, 1], signs: 2 })
  assert.deepEqual(await at(begins + 91 * day), { numbers: [3, 2], signs: 2 })
})

test('a key that was made after a long pause is published before it signs', async () => {
  await using database = await testDatabase()
  const { db } = database
  const { number } = await addPractice(db, 'north', {})
  const start = Date.UTC(2026, 0, 1)
  await publishedKeys({ db, seals: openSeals([]) }, number, start)
  const late = start + 1000 * day
  const keys = await publishedKeys({ db, seals: openSeals([]) }, number, late)
  assert.ok((keys[0]?.beginsAt ?? 0) > late)
})

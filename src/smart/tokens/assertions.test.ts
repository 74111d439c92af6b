import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../../test/support/database.ts'
import { removeSpentAssertions, spendAssertion } from './assertions.ts'

test('spendAssertion() is true once, by practice and app', async () => {
  await using database = await testDatabase()
  const { db } = database
  const once = { practice: 1, client: 'a', hash: 'h', exp: Date.now() / 1000 + 60 }
  const all = [once, once, { ...once, practice: 2 }, { ...once, client: 'b' }, { ...once, hash: 'i' }]
  const spent: boolean[] = []
  for (const one of all) spent.push(await spendAssertion(db, one))
  assert.deepEqual(spent, [true, false, true, true, true])
})

test('removeSpentAssertions() forgets what has expired, of one practice', async () => {
  await using database = await testDatabase()
  const { db } = database
  const expired = { practice: 1, client: 'a', hash: 'h', exp: Date.now() / 1000 - 1 }
  const good = { ...expired, hash: 'i', exp: Date.now() / 1000 + 60 }
  for (const one of [expired, good, { ...expired, practice: 2 }]) await spendAssertion(db, one)
  assert.equal(await removeSpentAssertions(db, 1), 1)
  assert.deepEqual([await spendAssertion(db, expired), await spendAssertion(db, good)], [true, false])
})

import assert from 'node:assert/strict'
import { createPublicKey, createSecretKey } from 'node:crypto'
import { test } from 'node:test'
import type { Database } from '#db'
import { openSeals, type SecretKey } from '#lib'
import { addPractice } from '#platform'
import { testDatabase } from '../../../test/support/database.ts'
import { privateKeyOf } from './private-key.ts'
import { publishedKeys } from './published-keys.ts'
import { sealSigningKeys } from './seal-keys.ts'
import { addSigningKey, signingKeys } from './signing-key-store.ts'

const keyOf = (id: string): SecretKey => ({ id, key: createSecretKey(Buffer.alloc(32, id)) })
const none = openSeals([])
const first = openSeals([keyOf('first')])
const second = openSeals([keyOf('second'), keyOf('first')])
const now = Date.UTC(2026, 0, 1)

async function stored(db: Database, practice: number): Promise<string[]> {
  return (await signingKeys(db, practice)).map(({ privateKey }) => privateKey.split(':').slice(0, -1).join(':'))
}

test('keys from before there was a secret key are sealed, and again under the next one', async () => {
  await using database = await testDatabase()
  const { db } = database
  const { number } = await addPractice(db, 'north', {})
  const [key] = await publishedKeys({ db, seals: none }, number, now)
  assert.match(key?.privateKey ?? '', /^-----BEGIN PRIVATE KEY-----/)
  assert.equal(await sealSigningKeys(db, none), 0)
  assert.equal(await sealSigningKeys(db, first), 2)
  assert.deepEqual(await stored(db, number), ['aes-256-gcm:first', 'aes-256-gcm:first'])
  assert.equal(await sealSigningKeys(db, first), 0)
  assert.equal(await sealSigningKeys(db, second), 2)
  assert.deepEqual(await stored(db, number), ['aes-256-gcm:second', 'aes-256-gcm:second'])
  const [after] = await signingKeys(db, number)
  assert.ok(after)
  const signs = createPublicKey(privateKeyOf(openSeals([keyOf('second')]), number, after)).export({ format: 'jwk' })
  assert.equal(signs.n, key?.publicKey.n)
})

test('a key that is made is sealed under the first secret key, beside older ones', async () => {
  await using database = await testDatabase()
  const { db } = database
  const { number } = await addPractice(db, 'north', {})
  await publishedKeys({ db, seals: first }, number, now)
  const later = now + 90 * 24 * 3600 * 1000
  const keys = await publishedKeys({ db, seals: second }, number, later)
  const sealedBy = keys.map(({ privateKey }) => privateKey.split(':')[1])
  assert.deepEqual(sealedBy, ['second', 'first', 'first'])
  for (const key of keys) assert.equal(privateKeyOf(second, number, key).asymmetricKeyType, 'rsa')
})

test('a key that is not there is told at the start, with the practice', async () => {
  await using database = await testDatabase()
  const { db } = database
  const { number } = await addPractice(db, 'north', {})
  await publishedKeys({ db, seals: first }, number, now)
  const sentence = /of practice north cannot be read: it was sealed under the key "first", which is not here/
  for (const seals of [none, openSeals([keyOf('second')])]) {
    await assert.rejects(sealSigningKeys(db, seals), sentence)
  }
  assert.deepEqual(await stored(db, number), ['aes-256-gcm:first', 'aes-256-gcm:first'])
})

test("a sealed key of one practice is not another's", async () => {
  await using database = await testDatabase()
  const { db } = database
  const [north, south] = [await addPractice(db, 'north', {}), await addPractice(db, 'south', {})]
  const [key] = await publishedKeys({ db, seals: first }, north.number, now)
  assert.ok(key)
  await addSigningKey(db, south.number, key)
  await assert.rejects(sealSigningKeys(db, second), /of practice south cannot be read: it does not open/)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashPassword, isPassword } from './password.ts'

test('isPassword() knows the password of a hash and no other', async () => {
  const stored = await hashPassword('correct horse')
  assert.match(stored, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  assert.ok(await isPassword('correct horse', stored))
  for (const wrong of ['correct hors', 'Correct horse', 'correct horse ', '']) {
    assert.equal(await isPassword(wrong, stored), false, wrong)
  }
})

test('hashPassword() salts: the same password has another hash each time', async () => {
  assert.notEqual(await hashPassword('correct horse'), await hashPassword('correct horse'))
})

test('isPassword() takes letters however they are composed', async () => {
  assert.ok(await isPassword('Zoe\u0308 12345', await hashPassword('Zo\u00eb 12345')))
})

test('isPassword() says no, and takes its time, where there is no hash', async () => {
  const started = performance.now()
  assert.equal(await isPassword('anything', undefined), false)
  assert.ok(performance.now() - started > 2)
})

import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'
import { openSeals } from './seals.ts'
import { readSecretKeys, type SecretKey } from './secret-keys.ts'

const keyOf = (id: string, filledWith: number): SecretKey => ({
  id,
  key: createSecretKey(Buffer.alloc(32, filledWith)),
})
const one = keyOf('one', 1)
const two = keyOf('two', 2)
const secret = 'a private key, ä'

test('a thing sealed under key 1 reads after key 2 is active', () => {
  const stored = openSeals([one]).seal(secret, 'here')
  const after = openSeals([two, one])
  assert.equal(after.open(stored, 'here'), secret)
  const sealed = after.seal(secret, 'here')
  assert.ok(sealed.startsWith('aes-256-gcm:two:') && sealed.startsWith(after.prefix), sealed)
  assert.equal(openSeals([two]).open(sealed, 'here'), secret)
})

test('seal() hides the text and never makes the same twice', () => {
  const seals = openSeals([one])
  const sealed = [seals.seal(secret, 'here'), seals.seal(secret, 'here')]
  assert.notEqual(sealed[0], sealed[1])
  for (const stored of sealed) assert.ok(!Buffer.from(stored.slice(16), 'base64url').includes('private'))
})

test('open() says which key is missing', () => {
  const stored = openSeals([one]).seal(secret, 'here')
  assert.throws(
    () => openSeals([two]).open(stored, 'here'),
    /under the key "one", which is not here \(there is "two"\)/,
  )
  assert.throws(() => openSeals([]).open(stored, 'here'), /there is none\): add that key to SECRET_KEYS/)
})

test('open() refuses another key of that id, another place, and what was changed', () => {
  const seals = openSeals([one])
  const stored = seals.seal(secret, 'here')
  assert.throws(() => openSeals([keyOf('one', 3)]).open(stored, 'here'), /another key of that id/)
  assert.throws(() => seals.open(stored, 'there'), /does not open/)
  for (const changed of [`${stored.slice(0, -4)}AAAA`, stored.slice(0, 30), 'aes-256-gcm:one:'])
    assert.throws(() => seals.open(changed, 'here'), /or was changed/, changed)
})

test('without a key all stays as it is', () => {
  const seals = openSeals([])
  assert.equal(seals.seal(secret, 'here'), secret)
  assert.equal(seals.open(secret, 'here'), secret)
  assert.equal(openSeals([one]).open(secret, 'here'), secret, 'what was stored before there was a key')
})

const base64 = Buffer.alloc(32, 1).toString('base64')

for (const [text, ids] of [
  [`one:${base64}`, ['one']],
  [`2026-b:${base64}, 2026_a:${Buffer.alloc(32, 255).toString('base64url')}`, ['2026-b', '2026_a']],
  ['', undefined],
  [base64, undefined],
  [`one:${base64},`, undefined],
  [`one:${base64},one:${base64}`, undefined],
  [`o ne:${base64}`, undefined],
  [`one:${Buffer.alloc(31).toString('base64')}`, undefined],
  [`one:${Buffer.alloc(33).toString('base64')}`, undefined],
] as const) {
  test(`readSecretKeys() ${ids ? 'reads' : 'refuses'} "${text}"`, () => {
    const keys = readSecretKeys(text)
    assert.deepEqual(
      keys?.map(({ id }) => id),
      ids,
    )
    for (const { key } of keys ?? []) assert.equal(key.symmetricKeySize, 32)
  })
}

import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { secretKeysIn } from './secret-key-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'charthouse-keys-'))
const file = join(folder, 'secret-keys')
after(() => rmSync(folder, { recursive: true }))

test('secretKeysIn() makes no file unless it is asked to', () => {
  assert.deepEqual(secretKeysIn(folder, { isMade: false }), [])
  assert.deepEqual(readdirSync(folder), [])
})

test('secretKeysIn() makes a key that only its owner reads, and finds it again', () => {
  const [made] = secretKeysIn(folder, { isMade: true })
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.deepEqual(readdirSync(folder), ['secret-keys'])
  const [found] = secretKeysIn(folder, { isMade: true })
  assert.equal(found?.id, made?.id)
  assert.ok(made && found?.key.equals(made.key))
})

test('secretKeysIn() takes a key that was put in front', () => {
  const before = readFileSync(file, 'utf8').trim()
  writeFileSync(file, `new:${Buffer.alloc(32, 7).toString('base64')},${before}`)
  const ids = secretKeysIn(folder, { isMade: true }).map(({ id }) => id)
  assert.deepEqual(ids, ['new', before.split(':')[0]])
})

test('secretKeysIn() refuses a file that holds something else, and never writes over it', () => {
  writeFileSync(file, 'something')
  assert.throws(
    () => secretKeysIn(folder, { isMade: true }),
    /secret-keys cannot be read: id:base64 of 32 bytes is wanted/,
  )
  assert.equal(readFileSync(file, 'utf8'), 'something')
})

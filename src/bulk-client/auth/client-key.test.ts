import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { readClientKey } from './client-key.ts'

const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' })
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const short = generateKeyPairSync('rsa', { modulusLength: 1024 })
const jwk = (key: typeof p384, more: object = {}) => ({ ...key.privateKey.export({ format: 'jwk' }), ...more })
const publicJwk = (more: object) => ({ ...p384.publicKey.export({ format: 'jwk' }), ...more })

for (const [name, content, kid, expected] of [
  ['a JWK', jwk(p384, { kid: 'a' }), undefined, ['ES384', 'a']],
  ['a JWK that names its algorithm', jwk(rsa, { kid: 'a', alg: 'RS256' }), undefined, ['RS256', 'a']],
  ['a JWK whose algorithm is not for its key', jwk(rsa, { kid: 'a', alg: 'ES384' }), undefined, ['RS384', 'a']],
  ['a JWK with a name that is given', jwk(p256), 'b', ['ES256', 'b']],
  [
    'the private key of a JWK Set',
    { keys: [publicJwk({ kid: 'a' }), jwk(rsa, { kid: 'b' })] },
    undefined,
    ['RS384', 'b'],
  ],
  ['one of several', { keys: [jwk(p384, { kid: 'a' }), jwk(rsa, { kid: 'b' })] }, 'a', ['ES384', 'a']],
  ['PKCS 8', p384.privateKey.export({ type: 'pkcs8', format: 'pem' }), 'c', ['ES384', 'c']],
  ['SEC 1', p384.privateKey.export({ type: 'sec1', format: 'pem' }), 'c', ['ES384', 'c']],
  ['PKCS 1', rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }), 'c', ['RS384', 'c']],
] as const) {
  test(`readClientKey() reads ${name}`, async () => {
    using file = fileOf(content)
    const { alg, kid: named, key } = await readClientKey(file.path, kid)
    assert.deepEqual([alg, named, key.type], [...expected, 'private'])
  })
}

for (const [name, content, message] of [
  ['a key without a name', jwk(p384), /add --kid ID/],
  ['a public key', publicJwk({ kid: 'a' }), /has no private key$/],
  ['several keys', { keys: [jwk(p384, { kid: 'a' }), jwk(rsa, { kid: 'b' })] }, /say which one with --kid/],
  ['a short key', jwk(short, { kid: 'a' }), /2048 bits are wanted$/],
  ['half of a JSON', '{"kty":', /is not JSON/],
  ['something else', 'hello', /holds no private key that can be used/],
] as const) {
  test(`readClientKey() refuses ${name}`, async () => {
    using file = fileOf(content)
    await assert.rejects(readClientKey(file.path, undefined), { name: 'Problem', kind: 'incorrect', message })
  })
}

test('readClientKey() says that there is no such file', async () => {
  await assert.rejects(readClientKey('/nowhere/key', 'a'), { kind: 'incorrect', message: /can't be read: ENOENT/ })
})

function fileOf(content: object | string | Buffer): Disposable & { readonly path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'charthouse-key-'))
  const path = join(folder, 'key')
  writeFileSync(path, typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content))
  return { path, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
}

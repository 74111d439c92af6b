import assert from 'node:assert/strict'
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { testCertificate } from '../../../test/support/certificate.ts'
import { readCertificate } from './certificate.ts'

const folder = mkdtempSync(join(tmpdir(), 'charthouse-tls-'))
after(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const own = testCertificate()
const cert = file('cert.pem', own.cert)
const key = file('key.pem', own.key)
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const locked = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'hush' })

test('readCertificate() reads a pair, and a chain behind its certificate', () => {
  assert.equal(readCertificate({ cert, key }).key.toString(), own.key)
  const chain = file('chain.pem', own.cert + testCertificate().cert)
  assert.equal(readCertificate({ cert: chain, key }).minVersion, 'TLSv1.2')
})

for (const [what, files, sentence] of [
  [
    'a file that is not there',
    { cert: `${cert}.not`, key },
    /^TLS_CERT: the file .*cert\.pem\.not cannot be read: ENOENT/,
  ],
  ['a folder', { cert, key: folder }, /^TLS_KEY: the file .* cannot be read: EISDIR/],
  ['a text', { cert: file('text', 'text'), key }, /^TLS_CERT: .*text holds no certificate as PEM/],
  ['a certificate in the place of its key', { cert, key: cert }, /^TLS_KEY: .*cert\.pem holds no private key as PEM/],
  [
    'a key with a passphrase',
    { cert, key: file('locked.pem', String(locked)) },
    /holds no private key as PEM, unencrypted/,
  ],
  [
    "another's key",
    { cert, key: file('other.pem', testCertificate().key) },
    /^TLS_KEY: the key in .*other\.pem does not belong to the first certificate in .*cert\.pem$/,
  ],
  [
    'DER',
    { cert: file('cert.der', new X509Certificate(own.cert).raw), key },
    /^TLS_CERT: .*cert\.der with .* cannot be used as PEM/,
  ],
] as const) {
  test(`readCertificate() refuses ${what}`, () => {
    assert.throws(
      () => readCertificate(files),
      (error: Error) => sentence.test(error.message) || assert.fail(error.message),
    )
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { baseUrlOf, readSettings, shownSettings } from './index.ts'

const key = `one:${Buffer.alloc(32, 1).toString('base64')}`

for (const [environment, sentence] of [
  [{ TLS_CERT: 'c.pem' }, /The settings cannot be used\. TLS_CERT: TLS_KEY is wanted, too, or neither of them$/],
  [{ TLS_KEY: 'k.pem' }, /TLS_KEY: TLS_CERT is wanted, too/],
  [{ TLS_CERT: '', TLS_KEY: 'k.pem' }, /TLS_CERT: the path of a file is wanted/],
  [{ TLS_CERT: 'c', TLS_KEY: 'k', BASE_URL: 'http://x' }, /BASE_URL: with TLS_CERT a URL that begins with https:/],
  [{ TLS_CERT: 'c', TLS_KEY: 'k', HOST: 'localhost' }, /HOST: with TLS_CERT an address is wanted/],
  [{ FILES_DIR: '/f', S3_BUCKET: 'exports' }, /FILES_DIR: files are there or in S3_BUCKET, only one/],
  [{ S3_BUCKET: 'exports', S3_ACCESS_KEY: 'id' }, /S3_ACCESS_KEY: S3_SECRET_KEY is wanted, too/],
  [{ S3_BUCKET: 'exports', S3_SECRET_KEY: 'key' }, /S3_SECRET_KEY: S3_ACCESS_KEY is wanted, too/],
  [{ S3_ENDPOINT: 'http://minio:9000' }, /S3_BUCKET: a bucket is wanted, too/],
  [{ S3_BUCKET: 'exports', S3_ENDPOINT: 'http://u:p@minio' }, /S3_ENDPOINT: an http or https URL without query and/],
  [{ S3_BUCKET: 'exports', S3_PREFIX: '../x' }, /S3_PREFIX: a path of letters/],
  [{ S3_BUCKET: 'exports', S3_SECRET_KEY: 'a b' }, /S3_SECRET_KEY: a key is wanted, not "\(secret\)"/],
  [{ SECRET_KEYS: 'hush' }, /SECRET_KEYS: id:base64 of 32 bytes is wanted, .*, not "\(secret\)"/],
  [{ SECRET_KEYS: `${key},${key}`, PORT: 'many' }, /PORT: .*SECRET_KEYS: .* each with an id of its own/],
] as const) {
  test(`readSettings() refuses ${JSON.stringify(environment)}`, () => {
    assert.throws(() => readSettings(environment), sentence)
  })
}

test('addresses begin with https where TLS ends here, unless BASE_URL says it', () => {
  const files = { TLS_CERT: 'c.pem', TLS_KEY: 'k.pem' }
  assert.equal(baseUrlOf(readSettings({})), 'http://localhost:8080')
  assert.equal(baseUrlOf(readSettings({ ...files, PORT: '8443' })), 'https://localhost:8443')
  assert.equal(baseUrlOf(readSettings({ ...files, BASE_URL: 'https://fhir.example/' })), 'https://fhir.example')
})

test('SECRET_KEYS are read in their order, and never shown', () => {
  const environment = { SECRET_KEYS: `${key},two:${Buffer.alloc(32, 2).toString('base64')}` }
  assert.deepEqual(
    readSettings(environment).secretKeys?.map(({ id }) => id),
    ['one', 'two'],
  )
  const [shown] = shownSettings(environment).filter(({ name }) => name === 'SECRET_KEYS')
  assert.equal(shown?.value, '(secret)')
})

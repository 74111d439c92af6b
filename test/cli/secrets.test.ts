/** TLS and sealed keys as an operator meets them: whole processes, their files and their settings. */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from 'node:tls'
import { sql } from '#db'
import { type TestCertificate, testCertificate } from '../support/certificate.ts'
import { testDatabase } from '../support/database.ts'
import { charthouse, folder, freePort, start } from './command.ts'

const fast = { SANDBOX_PATIENTS: '1', LOG: 'off', PROCESSES: '1' }
const key = (id: string) => `${id}:${Buffer.alloc(32, id).toString('base64')}`

/** Puts a pair in the place of the one before, in one step. */
function put(path: string, { cert, key: privateKey }: TestCertificate, name: string) {
  mkdirSync(join(path, name))
  writeFileSync(join(path, name, 'tls.crt'), cert)
  writeFileSync(join(path, name, 'tls.key'), privateKey)
  symlinkSync(name, join(path, 'next'))
  renameSync(join(path, 'next'), join(path, 'now'))
}

function get(url: string, ca: string): Promise<{ text: string; hsts: unknown }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { ca, agent: false }, async (response) => {
      const chunks = await response.toArray()
      resolve({ text: Buffer.concat(chunks).toString(), hsts: response.headers['strict-transport-security'] })
    })
    asked.once('error', reject).end()
  })
}

function isServed(port: number, { cert }: TestCertificate): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: cert })
    socket.once('secureConnect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('secureConnect', () => socket.destroy())
  })
}

test('with TLS_CERT all processes speak TLS, and take up another certificate', { timeout: 300_000 }, async () => {
  await using data = await folder()
  const [port, metrics] = [await freePort(), await freePort()]
  const [first, second] = [testCertificate(), testCertificate()]
  put(data.path, first, 'first')
  const environment = {
    ...{ ...fast, PROCESSES: '2', DATA_DIR: data.path, PORT: String(port), METRICS_PORT: String(metrics) },
    ...{ TLS_CERT: join(data.path, 'now', 'tls.crt'), TLS_KEY: join(data.path, 'now', 'tls.key') },
  }
  const server = start(['serve'], environment)
  await server.says('charthouse is ready')
  const base = `https://localhost:${port}/sandbox`
  await server.says(base)
  const { text, hsts } = await get(`https://127.0.0.1:${port}/sandbox/.well-known/openid-configuration`, first.cert)
  assert.equal(JSON.parse(text).issuer, base)
  assert.equal(hsts, 'max-age=31536000')
  assert.equal((await fetch(`http://127.0.0.1:${metrics}/metrics`)).status, 200, 'metrics stay plain')
  put(data.path, second, 'second')
  // connections go to the two processes in turn
  for (let inRow = 0; inRow < 4; ) {
    inRow = (await isServed(port, second)) ? inRow + 1 : 0
    if (inRow === 0) await sleep(100)
  }
  server.process.kill('SIGTERM')
  assert.equal((await server.finished).status, 0)
})

test('a certificate that cannot be used keeps the server from starting, with one sentence', async () => {
  await using data = await folder()
  const text = join(data.path, 'text')
  writeFileSync(text, 'text')
  for (const [files, sentence] of [
    [{ TLS_CERT: text }, /^The settings cannot be used\. TLS_CERT: TLS_KEY is wanted, too, or neither of them$/],
    [{ TLS_CERT: text, TLS_KEY: text }, /^TLS_CERT: .*text holds no certificate as PEM/],
    [{ TLS_CERT: `${text}.not`, TLS_KEY: text }, /^TLS_CERT: the file .* cannot be read: ENOENT/],
  ] as const) {
    for (const command of ['serve', 'check-settings']) {
      const { status, err } = await charthouse([command], { ...fast, ...files, PROCESSES: '2', DATA_DIR: data.path })
      assert.equal(status, 2)
      assert.match(err.trim(), sentence)
      assert.equal(err.trim().split('\n').length, 1, err)
    }
  }
})

test('private keys are sealed under SECRET_KEYS, and a key that is missing is told at the start', {
  timeout: 300_000,
}, async () => {
  await using database = await testDatabase()
  await using data = await folder()
  const port = await freePort()
  const environment = { ...fast, DATABASE_URL: database.url, DATA_DIR: data.path, PORT: String(port) }
  await charthouse(['practice', 'add', 'north'], environment)
  const sealedBy = async () => {
    const rows = await database.db.many<{ sealed: string }>(
      sql`select distinct split_part(private_key, ':', 2) as sealed from signing_key where practice = 1`,
    )
    return rows.map(({ sealed }) => sealed)
  }
  async function serveOnce(own: Record<string, string>, says: string) {
    const server = start(['serve'], { ...environment, ...own })
    await server.says('charthouse is ready')
    const jwks = await fetch(`http://127.0.0.1:${port}/north/auth/jwks`)
    assert.equal(jwks.status, 200)
    server.process.kill('SIGTERM')
    const { status, err } = await server.finished
    assert.equal(status, 0)
    assert.equal(err.includes('SECRET_KEYS is not set'), says === 'unsealed')
    return jwks.text()
  }
  const published = await serveOnce({}, 'unsealed')
  assert.deepEqual(await sealedBy(), [''])
  assert.equal(await serveOnce({ SECRET_KEYS: key('one') }, ''), published, 'the keys are the same')
  assert.deepEqual(await sealedBy(), ['one'])
  await serveOnce({ SECRET_KEYS: `${key('two')},${key('one')}` }, '')
  assert.deepEqual(await sealedBy(), ['two'])
  for (const own of [{ SECRET_KEYS: key('one') }, {}]) {
    const { status, err } = await charthouse(['serve'], { ...environment, ...own })
    assert.equal(status, 1)
    assert.match(err, /^The signing key \S+ of practice north cannot be read: it was sealed under the key "two", which/)
    assert.equal(err.trim().split('\n').length, 1, err)
  }
})

test('the embedded database has its key in a file beside it', async () => {
  await using data = await folder()
  const listed = await charthouse(['practice', 'list'], { ...fast, DATA_DIR: data.path })
  assert.equal(listed.status, 0, listed.err)
  const path = join(data.path, 'secret-keys')
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.match(readFileSync(path, 'utf8'), /^[0-9a-f]{12}:[A-Za-z0-9+/]{43}=\n$/)
})

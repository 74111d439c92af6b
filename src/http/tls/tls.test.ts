import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { connect as connectPlain } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, createServer, type SecureVersion, type TLSSocket } from 'node:tls'
import { Registry } from 'prom-client'
import { type TestCertificate, testCertificate } from '../../../test/support/certificate.ts'
import { buildServer } from '../index.ts'

/** Files that are reached by a link to a folder, as Kubernetes lays out its secrets. */
function certificateFolder() {
  const path = mkdtempSync(join(tmpdir(), 'charthouse-tls-'))
  let count = 0
  return {
    files: { cert: join(path, 'now', 'tls.crt'), key: join(path, 'now', 'tls.key') },
    /** Another pair in one step. */
    put({ cert, key }: TestCertificate) {
      const folder = `pair-${++count}`
      mkdirSync(join(path, folder))
      writeFileSync(join(path, folder, 'tls.crt'), cert)
      writeFileSync(join(path, folder, 'tls.key'), key)
      symlinkSync(folder, join(path, 'next'))
      renameSync(join(path, 'next'), join(path, 'now'))
    },
    [Symbol.dispose]: () => rmSync(path, { recursive: true }),
  }
}

async function listening(files: { cert: string; key: string }, lines: string[] = []) {
  const app = await buildServer({
    practices: { named: () => undefined, atHost: () => undefined },
    authenticate: async () => assert.fail('nobody calls'),
    routes: [],
    fhirPaths: [],
    checkReady: async () => undefined,
    registry: new Registry(),
    log: { write: (line) => void lines.push(line) },
    isHttps: true,
    certificate: files,
    certificateEveryMs: 20,
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as { port: number }
  return { port, [Symbol.asyncDispose]: () => app.close() }
}

/** A new connection, or why there is none. */
function shakeHands(port: number, options: object = {}): Promise<TLSSocket | string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options })
    socket.once('secureConnect', () => resolve(socket))
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  })
}

async function servedAt(port: number): Promise<string> {
  const socket = await shakeHands(port)
  assert.ok(typeof socket !== 'string', String(socket))
  const { raw } = socket.getPeerCertificate()
  socket.destroy()
  return raw.toString('base64')
}

function derOf({ cert }: TestCertificate): string {
  return cert.replace(/-----.*-----|\n/g, '')
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(10)
}

function get(port: number, options: object): Promise<{ status?: number | undefined; socket: unknown; hsts: unknown }> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', path: '/healthz', ...options }, (response) => {
      const { statusCode: status, headers } = response
      response
        .resume()
        .once('end', () => resolve({ status, socket: asked.socket, hsts: headers['strict-transport-security'] }))
    })
    asked.once('error', reject).end()
  })
}

/** As old as a client can be; this machine's own OpenSSL would not offer it unless told so. */
const old = (version: SecureVersion) => ({ minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' })

test('TLS 1.2 and 1.3 are spoken, 1.1 and 1.0 refused', { timeout: 60_000 }, async () => {
  using folder = certificateFolder()
  const pair = testCertificate()
  folder.put(pair)
  await using server = await listening(folder.files)
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const socket = await shakeHands(server.port, old(version))
    assert.ok(typeof socket !== 'string', String(socket))
    assert.equal(socket.getProtocol(), version)
    socket.destroy()
  }
  const lax = createServer({ ...pair, minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }).listen(0, '127.0.0.1')
  await once(lax, 'listening')
  for (const version of ['TLSv1.1', 'TLSv1'] as const) {
    const accepted = await shakeHands((lax.address() as { port: number }).port, old(version))
    assert.ok(typeof accepted !== 'string', `this client does speak ${version}: ${accepted}`)
    accepted.destroy()
    assert.equal(await shakeHands(server.port, old(version)), 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION')
  }
  lax.close()
})

test('another certificate is served once its files have changed, and open connections go on', {
  timeout: 60_000,
}, async () => {
  using folder = certificateFolder()
  const [first, second] = [testCertificate(), testCertificate()]
  folder.put(first)
  const lines: string[] = []
  await using server = await listening(folder.files, lines)
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: first.cert })
  const before = await get(server.port, { agent })
  folder.put(second)
  await until(async () => (await servedAt(server.port)) === derOf(second))
  const after = await get(server.port, { agent })
  assert.deepEqual([before.status, after.status], [200, 200])
  assert.equal(after.socket, before.socket, 'on the connection that was open')
  await assert.rejects(get(server.port, { ca: first.cert, agent: false }), 'a new one has the new certificate')
  assert.equal((await get(server.port, { ca: second.cert, agent: false })).status, 200)
  const told = lines.map((line) => JSON.parse(line)).filter(({ event }) => event === 'certificate')
  assert.equal(told.length, 1)
  assert.match(told[0].until, /^\d{4}-\d\d-\d\dT/)
  const refused = await shakeHands(server.port, old('TLSv1.1'))
  assert.equal(refused, 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'the new one is not laxer')
  agent.destroy()
})

test('a pair that cannot be used leaves the one before, and the log says so once', { timeout: 60_000 }, async () => {
  using folder = certificateFolder()
  const [first, second, third] = [testCertificate(), testCertificate(), testCertificate()]
  folder.put(first)
  const lines: string[] = []
  await using server = await listening(folder.files, lines)
  const told = () => lines.map((line) => JSON.parse(line)).filter(({ event }) => event === 'certificate')
  folder.put({ cert: second.cert, key: third.key })
  await until(() => told().length > 0)
  await sleep(100)
  assert.equal(await servedAt(server.port), derOf(first))
  const [line, ...more] = told()
  assert.match(line.failure, /^TLS_KEY: the key in .* does not belong to .*; the one before is kept$/)
  assert.equal(line.level, 50)
  assert.deepEqual(more, [])
  folder.put(third)
  await until(async () => (await servedAt(server.port)) === derOf(third))
  assert.equal(told().length, 2)
})

test('who speaks plain HTTP there is let go, and the server goes on', { timeout: 60_000 }, async () => {
  using folder = certificateFolder()
  const pair = testCertificate()
  folder.put(pair)
  await using server = await listening(folder.files)
  const socket = connectPlain(server.port, '127.0.0.1', () => socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n'))
  socket.on('error', () => undefined).resume()
  await once(socket, 'close')
  const { status, hsts } = await get(server.port, { ca: pair.cert, agent: false })
  assert.deepEqual([status, hsts], [200, 'max-age=31536000'])
})

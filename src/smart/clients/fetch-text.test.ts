import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { fetchText } from './fetch-text.ts'

async function serving(listener: RequestListener) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}/keys`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const development = { isDevelopment: true }

test('fetchText() reads a text and sends no credentials', async () => {
  let sent: Record<string, unknown> = {}
  await using server = await serving((request, response) => {
    sent = request.headers
    response.writeHead(200, { 'cache-control': 'max-age=5' }).end('{"keys":[]}')
  })
  const { text, headers } = await fetchText(server.url, development)
  assert.equal(text, '{"keys":[]}')
  assert.equal(headers['cache-control'], 'max-age=5')
  assert.ok(!('authorization' in sent) && !('cookie' in sent))
})

for (const status of [301, 302, 307, 404, 500, 204]) {
  test(`fetchText() refuses the status ${status} and follows nothing`, async () => {
    let asked = 0
    await using server = await serving((_request, response) => {
      asked++
      response.writeHead(status, { location: '/elsewhere' }).end()
    })
    await assert.rejects(fetchText(server.url, development), { message: `it answered ${status}` })
    assert.equal(asked, 1)
  })
}

test('fetchText() reads 256 kB and no more', async () => {
  let size = 256 * 1024
  await using server = await serving((_request, response) => response.end('x'.repeat(size)))
  assert.equal((await fetchText(server.url, development)).text.length, size)
  size++
  await assert.rejects(fetchText(server.url, development), { message: 'it is larger than 256 kB' })
})

test('fetchText() waits no longer than it may, for the first byte and for the last', async () => {
  await using silent = await serving(() => undefined)
  await assert.rejects(fetchText(silent.url, { ...development, timeoutMs: 100 }), {
    message: 'it did not answer in time',
  })
  await using slow = await serving((_request, response) => void response.write('x'))
  await assert.rejects(fetchText(slow.url, { ...development, timeoutMs: 100 }), {
    message: 'it did not answer in time',
  })
})

for (const url of [
  'https://127.0.0.1/keys',
  'https://localhost/keys',
  'https://[::1]/keys',
  'https://[::ffff:127.0.0.1]/keys',
  'https://0x7f000001/keys',
  'https://2130706433/keys',
  'https://169.254.169.254/latest/meta-data',
  'https://10.0.0.1/keys',
]) {
  test(`fetchText() does not connect to ${url}`, async () => {
    await assert.rejects(fetchText(url, { isDevelopment: false }), {
      message: 'it is not at an address of the public internet',
    })
  })
}

test('fetchText() reads by https only, but in development', async () => {
  await assert.rejects(fetchText('http://8.8.8.8/keys', { isDevelopment: false }), { message: 'it is not https' })
  await assert.rejects(fetchText('file:///etc/passwd', development), { message: 'it is not https' })
})

test('fetchText() in development still calls no other machine beside it', async () => {
  await assert.rejects(fetchText('http://10.0.0.1/keys', development), /public internet/)
})

test('fetchText() tells nothing of the network from a port that nobody has', async () => {
  await assert.rejects(fetchText('http://127.0.0.1:1/keys', development), { message: 'it cannot be reached' })
})

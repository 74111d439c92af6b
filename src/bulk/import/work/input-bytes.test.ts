import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { testCertificate } from '../../../../test/support/certificate.ts'
import { type Fetching, inputBytes, roomFor } from './input-bytes.ts'

async function serving(listener: RequestListener) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/p.ndjson`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function read(url: string, more: Partial<Fetching> = {}): Promise<number> {
  const { signal } = new AbortController()
  let bytes = 0
  for await (const chunk of inputBytes({ url, isDevelopment: true, room: roomFor(1, 0), signal, ...more })) {
    bytes += chunk.length
  }
  return bytes
}

test('inputBytes() gives what the source sends', async () => {
  await using server = await serving((_request, response) => response.end('x'.repeat(300_000)))
  assert.equal(await read(server.url), 300_000)
})

test('inputBytes() ends when more comes than there is room for, whether the source says so or not', async () => {
  await using server = await serving((_request, response) => {
    for (let i = 0; i < 10; i++) response.write('x'.repeat(1000))
    response.end()
  })
  const tooLarge = {
    kind: 'too-large',
    message: 'the files are larger than the 0.00001 GB that the practice lets an import fetch',
  }
  assert.equal(await read(server.url, { room: roomFor(0.00001, 0) }), 10_000)
  await assert.rejects(read(server.url, { room: roomFor(0.00001, 1) }), tooLarge)
  await using telling = await serving((_request, response) =>
    response.writeHead(200, { 'content-length': 10_001 }).write('x'),
  )
  await assert.rejects(read(telling.url, { room: roomFor(0.00001, 0) }), tooLarge)
})

test('inputBytes() waits for a source no longer than it may be idle, before the answer and within', async () => {
  await using silent = await serving(() => undefined)
  const idle = { kind: 'unavailable', message: 'it sent nothing for 0.1 s' }
  await assert.rejects(read(silent.url, { idleMs: 100 }), idle)
  await using stuck = await serving((_request, response) => void response.write('x'))
  await assert.rejects(read(stuck.url, { idleMs: 100 }), idle)
})

/** Time that passes when the test says so: what is measured, and what is waited for. */
function movedTime({ mock }: TestContext) {
  const { now } = performance
  const moved = { measuredMs: 0, wait: (milliseconds: number) => mock.timers.tick(milliseconds) }
  mock.timers.enable({ apis: ['setTimeout'] })
  mock.method(performance, 'now', () => now.call(performance) + moved.measuredMs)
  return moved
}

test('inputBytes() does not wait for a source that sends a little again and again', async (t) => {
  const time = movedTime(t)
  await using slow = await serving((_request, response) => {
    const timer = setInterval(() => {
      time.measuredMs += 20_000 // never as long as it may be idle
      response.write('x')
    }, 20)
    response.on('close', () => clearInterval(timer))
  })
  await assert.rejects(read(slow.url), { kind: 'unavailable', message: 'it is too slow' })
})

test('inputBytes() takes the time of whoever takes the bytes for none of the source', async (t) => {
  const time = movedTime(t)
  let end = () => {}
  await using server = await serving((_request, response) => {
    response.write('x'.repeat(1000))
    end = () => response.end('y')
  })
  const { signal } = new AbortController()
  let bytes = 0
  for await (const chunk of inputBytes({ url: server.url, isDevelopment: true, room: roomFor(1, 0), signal })) {
    bytes += chunk.length
    time.measuredMs += 70_000
    time.wait(70_000)
    if (bytes === 1000) end()
  }
  assert.equal(bytes, 1001)
})

test('inputBytes() rejects when the source breaks off, and may try again', async () => {
  await using server = await serving((_request, response) => {
    response.writeHead(200, { 'content-length': 100 })
    response.write('x', () => response.destroy())
  })
  await assert.rejects(read(server.url), { kind: 'unavailable', message: 'it cannot be reached' })
})

for (const [status, kind] of [
  [503, 'unavailable'],
  [429, 'unavailable'],
  [404, 'incorrect'],
  [301, 'incorrect'],
] as const) {
  test(`inputBytes() takes the status ${status} for ${kind}`, async () => {
    await using server = await serving((_request, response) => response.writeHead(status, { location: '/' }).end())
    await assert.rejects(read(server.url), { kind, message: `it answered ${status}` })
  })
}

for (const url of ['https://localhost/p', 'https://127.0.0.1/p', 'https://[::1]/p', 'https://169.254.169.254/p']) {
  test(`inputBytes() does not connect to ${url}`, async () => {
    const message = 'it is not at an address of the public internet'
    await assert.rejects(read(url, { isDevelopment: false }), { kind: 'incorrect', message })
  })
}

test('inputBytes() trusts no certificate that nobody vouches for', async () => {
  const server = createSecureServer(testCertificate(), (_request, response) => response.end('x'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = server.address() as AddressInfo
    const message = 'its certificate cannot be trusted'
    await assert.rejects(read(`https://localhost:${port}/p`), { kind: 'incorrect', message })
  } finally {
    server.close()
  }
})

test('inputBytes() ends with its signal', async () => {
  await using server = await serving((_request, response) => void response.write('x'))
  const stopping = new AbortController()
  setTimeout(() => stopping.abort(new Error('stopped')), 50)
  await assert.rejects(read(server.url, { signal: stopping.signal }), { message: 'stopped' })
})

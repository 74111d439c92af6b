import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { dialects } from '#dialects'
import { Problem } from '#lib'
import { buildServer, type Flow, type Practice, Registry } from '../index.ts'

const clinic: Practice = {
  ...{
    number: 1,
    id: 'clinic',
    name: 'Clinic',
    root: 'http://here/clinic',
    dialect: dialects.standard,
    timeZone: 'UTC',
  },
  ...{ handling: 'strict', refuseWeakPatientSearch: false, revision: '1' },
}

async function serving(open: Flow['open'], length = 5) {
  const lines: string[] = []
  const server = await buildServer({
    practices: { named: () => clinic, atHost: () => undefined },
    authenticate: async () => ({ practice: 1, client: 'app', patients: [], scopes: '', requestId: 'r' }),
    routes: [
      {
        ...{ method: 'GET', path: '/file', interaction: 'file', servesContent: true },
        answer: () => ({ flow: { type: 'application/fhir+ndjson', length, open } }),
      },
    ],
    fhirPaths: [],
    checkReady: async () => {},
    registry: new Registry(),
    log: { write: (line) => void lines.push(line) },
  })
  return { server, lines }
}

const url = '/clinic/fhir/r4/file'

test('a file flows as it is opened', async () => {
  const { server } = await serving(async () => Readable.from(['a', 'bcd', 'e'].map((text) => Buffer.from(text))))
  await using _ = server
  const answer = await server.inject({ url })
  assert.deepEqual([answer.statusCode, answer.body, answer.headers['content-length']], [200, 'abcde', '5'])
})

test('a file that cannot be opened is a refusal', async () => {
  const { server } = await serving(async () => {
    throw new Problem('gone', 'It is not there any more')
  })
  await using _ = server
  const answer = await server.inject({ url })
  assert.equal(answer.statusCode, 410)
  assert.equal(answer.json().resourceType, 'OperationOutcome')
})

test('HEAD opens nothing', async () => {
  const { server } = await serving(() => assert.fail('it was opened'))
  await using _ = server
  const answer = await server.inject({ method: 'HEAD', url })
  assert.deepEqual([answer.statusCode, answer.headers['content-length']], [200, '5'])
})

test('a client that reads nothing lets nothing be read, and one that goes ends it', async () => {
  const chunk = Buffer.alloc(65_536)
  const chunks = 4000
  let read = 0
  const file = new Readable({
    read() {
      read++
      this.push(read > chunks ? null : chunk)
    },
  })
  const { server, lines } = await serving(async () => file, chunks * chunk.length)
  await using _ = server
  await server.listen({ port: 0 })
  const { port } = server.server.address() as AddressInfo
  const request = get({ port, path: url })
  const [answer] = (await once(request, 'response')) as [IncomingMessage]
  answer.pause()
  let before = -1
  while (read !== before) {
    before = read
    await sleep(200)
  }
  assert.ok(read < chunks / 2, `${read} of ${chunks} chunks were read for a client that takes none`)
  const closed = new Promise((resolve) => file.on('close', resolve))
  request.destroy()
  await closed
  while (!lines.some((line) => line.includes('"event":"request"'))) await sleep(10)
})

test('a client that is gone before a file is opened leaves none open', async () => {
  const file = Readable.from([Buffer.alloc(5)])
  const [asked, gone] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const { server } = await serving(async () => {
    asked.resolve()
    await gone.promise
    return file
  })
  await using _ = server
  await server.listen({ port: 0 })
  server.server.on('connection', (socket) => socket.on('close', () => setImmediate(gone.resolve)))
  const { port } = server.server.address() as AddressInfo
  const request = get({ port, path: url }).on('error', () => {})
  await asked.promise
  const closed = once(file, 'close')
  request.destroy()
  await closed
})

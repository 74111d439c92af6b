import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { cancelDownload, readClientKey } from '#bulk-client'
import { downloadFrom, folder, run } from './download.ts'
import { fakeServer, json, manifestOf, ndjson, outcome, reply } from './fake-server.ts'

const patients = ndjson('Patient', 3)

test('bulkDownload() loads all files of an export, counts them and deletes the job', async () => {
  await using fake = await fakeServer()
  using out = folder()
  fake.files = [
    { type: 'Patient', text: patients },
    { type: 'Patient', text: ndjson('Patient', 2, 3) },
    { type: 'Observation', text: ndjson('Observation', 4) },
    { type: 'Bundle', text: '{"resourceType":"Bundle","type":"transaction"}\n', kind: 'deleted' },
  ]
  const { summary, told } = await run(downloadFrom(fake, out))
  assert.deepEqual(out.files(), [
    'Observation.1.ndjson',
    'Patient.1.ndjson',
    'Patient.2.ndjson',
    'deleted.Bundle.1.ndjson',
  ])
  assert.equal(out.read('Patient.1.ndjson'), patients)
  assert.deepEqual([...(summary?.byType ?? [])].sort(), [
    ['Observation', 4],
    ['Patient', 5],
  ])
  assert.deepEqual(
    { ...summary, byType: 0, bytes: 0 },
    { files: 4, missing: 0, failures: 0, transactionTime: '2026-01-01T00:00:00Z', byType: 0, bytes: 0 },
  )
  assert.deepEqual(told, [])
  assert.deepEqual(JSON.parse(out.read('manifest.json')), manifestOf(fake))
  assert.deepEqual(fake.paths('DELETE'), ['/status/1'])
})

test('bulkDownload() asks with the headers of the guide', async () => {
  await using fake = await fakeServer()
  using out = folder()
  fake.files = [{ type: 'Patient', text: patients }]
  await run(downloadFrom(fake, out))
  const head = (path: string) => fake.seen.find((one) => one.path.startsWith(path))?.headers
  assert.equal(head('/fhir/$export')?.accept, 'application/fhir+json')
  assert.equal(head('/fhir/$export')?.prefer, 'respond-async')
  assert.equal(head('/status')?.accept, 'application/json')
  assert.equal(head('/files')?.accept, 'application/fhir+ndjson')
  assert.equal(head('/files')?.['accept-encoding'], 'gzip')
})

test('bulkDownload() waits as the server says while it works, and by itself ever longer', async () => {
  await using fake = await fakeServer()
  using out = folder()
  const retryAfter = ['1', '7200', new Date(Date.now() + 50_000).toUTCString(), '1793000000', undefined, undefined]
  const says: (string | undefined)[] = []
  fake.manners.set('GET /status/1', (response, _, time) => {
    if (time > retryAfter.length) return false
    const header = retryAfter[time - 1]
    response.writeHead(202, { 'x-progress': `${time} \u009b31m%`, ...(header && { 'retry-after': header }) }).end()
    return true
  })
  const { waited } = await run(downloadFrom(fake, out), { progress: ({ serverSays }) => says.push(serverSays) })
  assert.deepEqual([waited[0], waited[1], waited[3], waited[4], waited[5]], [1, 60, 60, 16, 32])
  assert.ok((waited[2] ?? 0) > 15 && (waited[2] ?? 0) <= 50)
  assert.equal(says[0], '1 31m%') // nothing that a terminal would obey
})

test('bulkDownload() asks a busy server again, up to five times', async () => {
  await using fake = await fakeServer()
  using out = folder()
  fake.manners.set('GET /fhir/$export', (response, _, time) => {
    if (time <= 3) json(response, 429, outcome('throttled', 'one at a time'), { 'retry-after': '3' })
    return time <= 3
  })
  fake.manners.set('GET /status/1', (response) => reply(response, 503))
  const failed = run(downloadFrom(fake, out))
  await assert.rejects(failed, {
    message: "How far the export is can't be read: the server answers 503 Service Unavailable",
  })
  assert.equal(fake.paths('GET').filter((path) => path.includes('$export')).length, 4)
  assert.equal(fake.paths('GET').filter((path) => path === '/status/1').length, 6)
  assert.equal(new Set(fake.seen.map(({ headers }) => headers['idempotency-key']).filter(Boolean)).size, 1)
})

test('bulkDownload() says why an export has failed, and does not ask again', async () => {
  await using fake = await fakeServer()
  using out = folder()
  fake.manners.set('GET /status/1', (response) => json(response, 500, outcome('processing', 'no disk left')))
  const reason = 'The export has failed: the server answers 500 Internal Server Error: no disk left'
  await assert.rejects(run(downloadFrom(fake, out)), { message: reason })
  assert.equal(fake.paths('GET').filter((path) => path === '/status/1').length, 1)
})

test('bulkDownload() says why a kick-off was refused', async () => {
  await using fake = await fakeServer()
  using out = folder()
  fake.manners.set('GET /fhir/$export', (response) =>
    json(response, 400, outcome('invalid', '_type: "Pat" is no type')),
  )
  const reason = 'The export could not be started: the server answers 400 Bad Request: _type: "Pat" is no type'
  await assert.rejects(run(downloadFrom(fake, out)), { message: reason })
})

for (const [name, body] of [
  ['JWK', 'jwk'],
  ['PEM', 'pem'],
] as const) {
  test(`bulkDownload() signs in with a key from ${name}, and again when its token has expired`, async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
    await using fake = await fakeServer(publicKey)
    using out = folder()
    using keys = folder()
    const file = join(keys.path, 'key')
    const jwk = JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: 'k1' })
    writeFileSync(file, body === 'jwk' ? jwk : privateKey.export({ type: 'pkcs8', format: 'pem' }))
    const key = await readClientKey(file, body === 'jwk' ? undefined : 'k1')
    fake.files = [{ type: 'Patient', text: patients }]
    fake.manners.set('GET /files/0', (_, __, time) => {
      if (time === 1) fake.tokens.clear() // what was given before is no good any more
      return false
    })
    const credentials = { kind: 'backend', client: 'client', key, scope: undefined, tokenUrl: undefined } as const
    const { summary } = await run(downloadFrom(fake, out, { credentials }))
    assert.equal(summary?.files, 1)
    const forms = fake.seen.filter(({ path }) => path === '/token').map((one) => new URLSearchParams(one.body))
    assert.deepEqual(
      forms.map((form) => form.get('scope')),
      ['system/*.read', 'system/*.read'],
    )
  })
}

test('bulkDownload() makes a new assertion when the token endpoint was busy', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  await using fake = await fakeServer(publicKey)
  using out = folder()
  const key = { key: privateKey, alg: 'RS384', kid: 'r1' }
  fake.manners.set('POST /token', (response, _, time) => time === 1 && reply(response, 503))
  const credentials = {
    kind: 'backend',
    client: 'client',
    key,
    scope: 'system/Patient.read',
    tokenUrl: undefined,
  } as const
  await run(downloadFrom(fake, out, { credentials }))
  const assertions = fake.seen
    .filter(({ path }) => path === '/token')
    .map(({ body }) => new URLSearchParams(body).get('client_assertion'))
  assert.equal(new Set(assertions).size, 2)
})

test('bulkDownload() says why it gets no token', async () => {
  await using fake = await fakeServer()
  using out = folder()
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
  const key = { key: privateKey, alg: 'ES384', kid: 'k1' }
  const credentials = { kind: 'backend', client: 'client', key, scope: undefined, tokenUrl: undefined } as const
  await assert.rejects(run(downloadFrom(fake, out, { credentials })), {
    message: 'No access token: the server answers 400 Bad Request: invalid_client, no key',
  })
})

test('bulkDownload() follows the pages of a manifest, and loads files while the server makes others', async () => {
  await using fake = await fakeServer()
  using out = folder()
  fake.files = [
    { type: 'Patient', text: patients },
    { type: 'Patient', text: ndjson('Patient', 1, 9) },
  ]
  const page = (at: number, next?: string) => ({
    ...manifestOf(fake),
    output: [{ type: 'Patient', url: `/files/${at}` }], // relative, as some write it
    ...(next && { link: [{ relation: 'next', url: `${fake.origin}${next}` }] }),
  })
  fake.manners.set('GET /status/1', (response) => json(response, 202, page(0, '/status/1/2')))
  fake.manners.set('GET /status/1/2', (response, _, time) => {
    const isLoaded = fake.paths('GET').includes('/files/0')
    if (time < 3 || !isLoaded) response.writeHead(202, { 'retry-after': '0' }).end()
    else json(response, 200, page(1))
    return true
  })
  const download = downloadFrom(fake, out)
  const parameters = { partial: true }
  const { summary } = await run(
    { ...download, kickOff: { ...download.kickOff, parameters } },
    { wait: () => new Promise((resolve) => setTimeout(resolve, 5)) },
  )
  assert.equal(summary?.files, 2)
  assert.equal(out.read('Patient.2.ndjson'), ndjson('Patient', 1, 9))
  assert.ok(fake.paths('GET')[0]?.endsWith('?allowPartialManifests=true'))
})

test('bulkDownload() tells notices, and counts what the server could not export', async () => {
  await using fake = await fakeServer()
  using out = folder()
  const lines = [outcome('informational', 'ignored _foo', 'information'), outcome('processing', 'Patient/7 is broken')]
  fake.files = [
    { type: 'OperationOutcome', kind: 'error', text: lines.map((line) => `${JSON.stringify(line)}\n`).join('') },
  ]
  const { summary, told } = await run(downloadFrom(fake, out))
  assert.deepEqual(told, [
    'The server says (information): ignored _foo',
    'The server says (error): Patient/7 is broken',
  ])
  assert.equal(summary?.failures, 1)
  await assert.rejects(run(downloadFrom(fake, out)), /could not export everything/)
})

test('bulkDownload() takes a manifest without the members that a server should write', async () => {
  await using fake = await fakeServer()
  using out = folder()
  fake.manners.set('GET /status/1', (response) => json(response, 200, { transactionTime: '2026-01-01T00:00:00Z' }))
  const { summary } = await run(downloadFrom(fake, out))
  assert.equal(summary?.files, 0)
})

test('cancelDownload() deletes the job, and the folder takes no other export', async () => {
  await using fake = await fakeServer()
  using out = folder()
  fake.manners.set('GET /status/1', (response) => json(response, 500, outcome('processing', 'no')))
  const download = downloadFrom(fake, out)
  await assert.rejects(run(download))
  await cancelDownload(download, { signal: new AbortController().signal, tell: () => {}, progress: () => {} })
  assert.deepEqual(fake.paths('DELETE'), ['/status/1'])
  await assert.rejects(run(download), /was cancelled/)
})

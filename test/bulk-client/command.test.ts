import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { charthouse, start } from '../cli/command.ts'
import { folder } from './download.ts'
import { fakeServer, json, ndjson, ndjsonType, outcome, reply } from './fake-server.ts'

test('bulk-download signs in with a key, loads a group and says what it has', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
  await using fake = await fakeServer(publicKey)
  using out = folder()
  const key = join(out.path, 'key.json')
  writeFileSync(key, JSON.stringify({ keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'k1', alg: 'ES384' }] }))
  const target = join(out.path, 'export')
  fake.files = [
    { type: 'Patient', text: ndjson('Patient', 1200) },
    { type: 'Observation', text: ndjson('Observation', 3) },
  ]
  const given = ['--client-id', 'client', '--key', key, '--group', 'a/b', '--type', 'Patient,Observation']
  const { status, out: told, err } = await charthouse(['bulk-download', fake.base, '--out', target, ...given], {})
  assert.equal(status, 0, err)
  assert.match(
    told,
    /^1,203 resources in 2 files, \d+ kB, in \S+ after \d\d:\d\d\n {2}Observation: 3\n {2}Patient: 1,200\n/,
  )
  assert.match(told, /--since 2026-01-01T00:00:00Z\n$/)
  assert.ok(fake.paths('GET').includes('/fhir/Group/a%2Fb/$export?_type=Patient%2CObservation'))
  assert.ok(!readFileSync(join(target, 'bulk-download.json'), 'utf8').includes('made-'))
})

test('bulk-download goes on after Ctrl-C', async () => {
  await using fake = await fakeServer()
  using out = folder()
  fake.files = [{ type: 'Patient', text: ndjson('Patient', 2000) }]
  fake.manners.set('GET /files/0', (response, { headers }) => {
    if (headers.range) return false
    response.writeHead(200, ndjsonType).write(ndjson('Patient', 1000))
    return true // and nothing more
  })
  const args = ['bulk-download', `${fake.base}/`, '--patient', '--token', '-', '--out', out.path]
  const stopped = start(args, {})
  stopped.process.stdin?.end('given\n')
  await stopped.says('0 of 1 files')
  const begun = join(out.path, 'Patient.1.ndjson.part')
  while (!existsSync(begun) || statSync(begun).size === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  stopped.process.kill('SIGINT')
  const { status, err } = await stopped.finished
  assert.equal(status, 1)
  assert.match(
    err,
    /Stopped\. The same command goes on from there; with --cancel it deletes the export on the server\n$/,
  )
  assert.equal((await charthouse(args, {}, 'given')).status, 0)
  assert.equal(out.read('Patient.1.ndjson'), ndjson('Patient', 2000))
  assert.equal(fake.paths('GET').filter((path) => path.includes('$export')).length, 1)
})

test('bulk-download --cancel deletes the export on the server', async () => {
  await using fake = await fakeServer()
  using out = folder()
  const args = ['bulk-download', fake.base, '--token', 'given', '--out', out.path]
  assert.equal((await charthouse([...args, '--cancel'], {})).err, `${out.path} holds no export that was started\n`)
  fake.manners.set('GET /status/1', (response) => reply(response, 202, { headers: { 'x-progress': '40%' } }))
  const waiting = start(args, {})
  await waiting.says('waiting for the server, 00:')
  waiting.process.kill('SIGINT')
  assert.equal((await waiting.finished).status, 1)
  const { status, out: told } = await charthouse([...args, '--cancel'], {})
  assert.deepEqual([status, told], [0, `The export of ${out.path} is deleted on the server\n`])
  assert.deepEqual(fake.paths('DELETE'), ['/status/1'])
})

test('bulk-download answers 1 when the server could not export everything', async () => {
  await using fake = await fakeServer()
  using out = folder()
  const text = `${JSON.stringify(outcome('processing', 'Patient/7 is broken'))}\n`
  fake.files = [{ type: 'OperationOutcome', kind: 'error', text }]
  const { status, err } = await charthouse(['bulk-download', fake.base, '--token', 'given', '--out', out.path], {})
  assert.equal(status, 1)
  assert.match(
    err,
    /The server says \(error\): Patient\/7 is broken\nThe server could not export everything: 1 failure\n$/,
  )
})

for (const [name, args, message] of [
  ['no address', ['example'], 'The base URL is an address such as https://fhir.example.org/r4, not "example"\n'],
  ['a client without a key', ['http://x/', '--client-id', 'a'], '--client-id needs --key\n'],
  ['patients without a level', ['http://x/', '--patient-id', 'a'], '--patient-id needs --patient or --group\n'],
  ['no number', ['http://x/', '--parallel', '0'], '--parallel takes a number from 1 to 64, not "0"\n'],
] as const) {
  test(`bulk-download answers 2 to ${name}`, async () => {
    using out = folder()
    const { status, err } = await charthouse(['bulk-download', ...args, '--out', out.path], {})
    assert.deepEqual([status, err], [2, message])
  })
}

test('bulk-download says what the server refuses', async () => {
  await using fake = await fakeServer()
  using out = folder()
  fake.manners.set('GET /fhir/$export', (response) => json(response, 403, outcome('forbidden', 'not for this app')))
  const { status, err } = await charthouse(['bulk-download', fake.base, '--token', 'given', '--out', out.path], {})
  assert.equal(status, 1)
  assert.equal(err, 'The export could not be started: the server answers 403 Forbidden: not for this app\n')
})

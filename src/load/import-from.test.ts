import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { pack } from 'tar-stream'
import type { Fault } from './faults-file.ts'
import { type Importing, importFrom } from './import-from.ts'
import { standInStore } from './stand-in-store.ts'

const patient = (id: string, more = '') => `{"resourceType":"Patient","id":"${id}"${more}}`
const entry = (resource: string) => `{"resource":${resource}}`
const bundle = (type: string, ...entries: string[]) => `{"resourceType":"Bundle","type":"${type}","entry":[${entries}]}`
const post = (resource: string) =>
  `{"resource":${resource},"request":{"method":"POST","url":"${/\w+(?=","id)/.exec(resource)}"}}`
const observation = (id: string, reference: string) =>
  `{"resourceType":"Observation","id":"${id}","performer":[{"reference":"${reference}"}]}`
const practitioner = (id: string, npi: string) =>
  `{"resourceType":"Practitioner","id":"${id}","identifier":[{"system":"npi","value":"${npi}"}]}`

for (const [name, files, expected, faults] of [
  ['NDJSON', { 'a.ndjson': `${patient('a')}\n${patient('b')}\n` }, ['Patient/a', 'Patient/b'], []],
  ['NDJSON in gzip', { 'a.ndjson.gz': gzipSync(patient('a')) }, ['Patient/a'], []],
  ['NDJSON in zstandard', { 'a.ndjson.zst': zstdCompressSync(patient('a')) }, ['Patient/a'], []],
  ['a resource over many lines', { 'a.json': '{\n"resourceType":"Patient",\n"id":"a"\n}' }, ['Patient/a'], []],
  [
    'a collection',
    { 'a.json': bundle('collection', entry(patient('a')), entry(patient('b'))) },
    ['Patient/a', 'Patient/b'],
    [],
  ],
  [
    'Bundles as lines',
    { 'a.ndjson': `${bundle('batch', entry(patient('a')))}\n${patient('b')}` },
    ['Patient/a', 'Patient/b'],
    [],
  ],
  [
    'a document, which stays whole',
    { 'a.json': '{"resourceType":"Bundle","id":"d","type":"document"}' },
    ['Bundle/d'],
    [],
  ],
  ['folders within folders', { 'x/y/a.json': patient('a'), 'x/b.json': patient('b') }, ['Patient/b', 'Patient/a'], []],
  [
    'what is right beside what is not',
    { 'a.ndjson': `${patient('a')}\n{"x\n${patient('')}\n{"resourceType":"Nothing","id":"n"}\n${patient('b')}` },
    ['Patient/a', 'Patient/b'],
    [
      'a.ndjson:2 Cannot read the body: it is not JSON (column 4)',
      'a.ndjson:3 Cannot load the Patient: "" is not an id',
      'a.ndjson:4 Cannot load it: "Nothing" is not a resource type',
    ],
  ],
  [
    'lines that are no FHIR',
    { 'a.ndjson': `${patient('a')}\n{"name":"x"}\n` },
    ['Patient/a'],
    ['a.ndjson:2 Cannot load it: it is JSON without resourceType and so no FHIR'],
  ],
  [
    'a file cut short, and the next',
    { 'a.ndjson.gz': gzipSync(patient('a')).subarray(0, 30), 'b.json': patient('b') },
    ['Patient/b'],
    ['a.ndjson.gz: Cannot read it: unexpected end of file'],
  ],
  [
    'a batch, each entry by itself',
    { 'a.json': bundle('batch', entry(patient('a')), entry(patient('!')), entry(patient('c'))) },
    ['Patient/a', 'Patient/c'],
    ['a.json:[1] Cannot do PUT "": "!" is not an id'],
  ],
  [
    'no entry of a transaction with a fault',
    { 'a.json': bundle('transaction', post(patient('a')), post(patient('!'))) },
    [],
    ['a.json:[1] Cannot do POST "Patient": "!" is not an id; none of the Bundle\'s 2 entries is loaded'],
  ],
  [
    'a Bundle that refers to what comes later',
    {
      'a.json': bundle('transaction', post(observation('o', 'Practitioner?identifier=npi|1'))),
      'b.json': practitioner('p', '1'),
    },
    ['Practitioner/p', 'Observation/o'],
    [],
  ],
  [
    'Bundles that wait for each other',
    {
      'a.json': bundle('transaction', post(observation('o', 'Practitioner?identifier=npi|1'))),
      'b.json': bundle(
        'batch',
        post(practitioner('p', '1').replace('}]', '}],"photo":[{}],"x":{"reference":"Practitioner?identifier=npi|2"}')),
      ),
      'c.json': practitioner('q', '2'),
    },
    ['Practitioner/q', 'Practitioner/p', 'Observation/o'],
    [],
  ],
  [
    'all but a Bundle that refers to nothing',
    {
      'a.json': bundle('transaction', post(observation('o', 'Practitioner?identifier=npi|9'))),
      'b.json': patient('b'),
    },
    ['Patient/b'],
    [
      'a.json:[0] Cannot resolve "Practitioner?identifier=npi|9": nothing matches it; none of the Bundle\'s 1 entries is loaded',
    ],
  ],
  [
    'the newest of a history',
    { 'a.json': bundle('history', entry(patient('a', ',"v":2')), entry(patient('a', ',"v":1'))) },
    ['Patient/a', '"v":2'],
    [],
  ],
  [
    'a deletion after a creation',
    { 'a.json': patient('a'), 'b.json': bundle('batch', '{"request":{"method":"DELETE","url":"Patient/a"}}') },
    [],
    [],
  ],
] as const) {
  test(`importFrom() loads ${name}; loaded again, nothing changes`, async () => {
    using folder = folderOf(files)
    const store = standInStore()
    const first = await run(folder.path, store)
    const keys = expected.filter((one) => !one.startsWith('"'))
    assert.deepEqual([...store.texts.keys()].sort(), [...keys].sort())
    for (const part of expected.filter((one) => one.startsWith('"')))
      assert.match([...store.texts.values()].join(), new RegExp(part))
    assert.deepEqual(first.faults, faults)
    const versions = [...store.versions]
    await run(folder.path, store)
    assert.deepEqual([...store.versions], versions)
  })
}

test('importFrom() reads archives, and names what it passes over', async () => {
  const archive = pack()
  archive.entry({ name: 'in/a.json' }, patient('a'))
  archive.entry({ name: 'in/README' }, 'read me')
  archive.entry({ name: 'in/b.ndjson' }, `${patient('b')}\n`)
  archive.finalize()
  using folder = folderOf({
    'all.tar.gz': gzipSync(Buffer.concat(await Array.fromAsync(archive as AsyncIterable<Buffer>))),
    'package.json': '{"name":"x"}',
    LICENSE: '',
  })
  const store = standInStore()
  const { skipped } = await run(folder.path, store)
  assert.deepEqual([...store.texts.keys()], ['Patient/a', 'Patient/b'])
  assert.deepEqual(skipped.sort(), ['LICENSE', 'all.tar.gz:in/README', 'package.json'])
})

test('importFrom() counts a file that was named and is no FHIR as failed', async () => {
  using folder = folderOf({ 'package.json': '{"name":"x"}' })
  const faults: string[] = []
  const fault = ({ reason }: Fault) => void faults.push(reason)
  const { counts } = await importFrom([join(folder.path, 'package.json')], { ...standInStore(), fault })
  assert.deepEqual([counts.failed, faults], [1, ['Cannot load it: it is JSON without resourceType and so no FHIR']])
})

test('importFrom() keeps the last version of what comes several times, and takes an older one where that is refused', async () => {
  const lines = [patient('a', ',"v":1'), patient('b', ',"v":1'), patient('a', ',"v":2'), patient('b', ',"bad":1')]
  using folder = folderOf(Object.fromEntries(lines.map((line, index) => [`${index}.ndjson`, line])))
  const store = standInStore()
  const validate = (resource: object) => ('bad' in resource ? ['Patient.bad is not an element'] : [])
  const { summary, faults } = await run(folder.path, store, { validate })
  assert.deepEqual([...store.texts.values()].sort(), [patient('a', ',"v":2'), patient('b', ',"v":1')])
  assert.deepEqual([summary.passedOver, faults], [2, ['3.ndjson:1 Patient.bad is not an element']])
  await run(folder.path, store, { validate })
  assert.deepEqual([...store.versions.values()], [1, 1])
})

test('importFrom() reads standard input', async () => {
  const store = standInStore()
  const stdin = Readable.from([zstdCompressSync(`${patient('a')}\n${patient('b')}\n`)])
  const summary = await importFrom(['-'], { ...store, stdin, fault: () => assert.fail() })
  assert.equal(summary.counts.created, 2)
})

test('importFrom() stops when asked, and what it counts is stored', async () => {
  using folder = folderOf({ 'a.ndjson': Array.from({ length: 20_000 }, (_, index) => patient(`p${index}`)).join('\n') })
  const store = standInStore()
  const stop = new AbortController()
  const { summary } = await run(folder.path, store, {
    signal: stop.signal,
    progress: ({ counts }) => counts.created > 3000 && stop.abort(),
  })
  assert.ok(summary.isInterrupted)
  assert.ok(summary.counts.created > 3000 && summary.counts.created < 20_000)
  assert.equal(summary.counts.created, store.texts.size)
})

test('importFrom() refuses a source that is not there, before it loads anything', async () => {
  using folder = folderOf({ 'a.json': patient('a') })
  const store = standInStore()
  const sources = [join(folder.path, 'a.json'), join(folder.path, 'b.json')]
  await assert.rejects(importFrom(sources, { ...store, fault() {} }), /b\.json: there is no such file/)
  assert.equal(store.texts.size, 0)
})

test('importFrom() leaves no temporary file', async () => {
  using folder = folderOf({
    'in/a.json': bundle('transaction', post(observation('o', 'Practitioner?identifier=npi|9'))),
    'tmp/x': '',
  })
  await run(join(folder.path, 'in'), standInStore(), { temporaryFolder: join(folder.path, 'tmp') })
  assert.deepEqual(readdirSync(join(folder.path, 'tmp')), ['x'])
})

async function run(path: string, store: ReturnType<typeof standInStore>, more: Partial<Importing> = {}) {
  const faults: string[] = []
  const skipped: string[] = []
  const short = (name: string) => name.slice(path.length + 1)
  const fault = ({ place: { file, line, entry }, reason }: Fault) => {
    faults.push(`${short(file)}:${entry === undefined ? (line ?? '') : `[${entry}]`} ${reason}`)
  }
  const summary = await importFrom([path], {
    ...store,
    fault,
    skipped: (name) => void skipped.push(short(name)),
    ...more,
  })
  return { summary, faults, skipped }
}

function folderOf(files: Readonly<Record<string, string | Buffer>>) {
  const path = mkdtempSync(join(tmpdir(), 'charthouse-load-'))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(path, name, '..'), { recursive: true })
    writeFileSync(join(path, name), content)
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}

/** charthouse export: records as files for administrators (45 CFR 170.315(b)(10), specs/security.md R24). */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { exportEhi } from '#bulk'
import type { WriteOperation } from '#store'
import { charthouse, type Environment, type Folder, folder as temporaryFolder } from '../cli/command.ts'
import { lines, patient } from '../import/source.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { testApp } from '../support/test-app.ts'

let folder: Folder
let database: TestDatabase
let environment: Environment

const photo = Buffer.from('no real picture')
const letter = Buffer.from('Dear Dr. Ash')
const about = { subject: { reference: 'Patient/p1' } }
const resources = [
  { ...patient('p1'), photo: [{ contentType: 'image/png', data: photo.toString('base64') }] },
  patient('p2'),
  {
    ...{ resourceType: 'Observation', id: 'o1', status: 'final', code: { text: 'x' }, ...about },
    performer: [{ reference: 'Practitioner/dr' }],
    meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }] },
    valueSampledData: { origin: { value: 1 }, period: 1, dimensions: 1, data: '1 2 3' },
  },
  { resourceType: 'Observation', id: 'o2', status: 'final', code: { text: 'x' }, subject: { reference: 'Patient/p2' } },
  { resourceType: 'Practitioner', id: 'dr', name: [{ family: 'Elm' }] },
  { resourceType: 'Practitioner', id: 'other' },
  {
    ...{ resourceType: 'DocumentReference', id: 'd1', status: 'current', ...about },
    content: [{ attachment: { contentType: 'text/plain', url: 'Binary/b1' } }],
  },
  { resourceType: 'Binary', id: 'b1', contentType: 'text/plain; charset=utf-8', data: letter.toString('base64') },
  {
    ...{ resourceType: 'Provenance', id: 'v1', target: [{ reference: 'Observation/o1' }] },
    ...{ recorded: '2026-01-01T00:00:00Z', agent: [{ who: { display: 'x' } }] },
  },
]

before(async () => {
  folder = await temporaryFolder()
  database = await testDatabase()
  environment = { DATABASE_URL: database.url, DATA_DIR: join(folder.path, 'data') }
  await charthouse(['practice', 'add', 'north', '--name', 'North & Sons'], environment)
  await charthouse(['practice', 'settings', 'north', 'validation=off'], environment)
  const load = async (text: string) => {
    writeFileSync(join(folder.path, 'some.ndjson'), text)
    const loaded = await charthouse(['import', join(folder.path, 'some.ndjson'), '--practice', 'north'], environment)
    assert.equal(loaded.status, 0, loaded.err)
  }
  await load(lines(patient('p1', 'Earlier'), patient('gone')))
  const request = { method: 'DELETE', url: 'Patient/gone' }
  await load(lines(...resources, { resourceType: 'Bundle', type: 'batch', entry: [{ request }] }))
})
after(async () => {
  await database[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

const run = (name: string, ...more: string[]) =>
  charthouse(['export', '--practice', 'north', '--out', join(folder.path, name), ...more], environment)

const read = (...path: string[]) => readFileSync(join(folder.path, ...path))
const json = (...path: string[]) => JSON.parse(read(...path).toString())
const linesOf = (...path: string[]) =>
  read(...path)
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

function idsIn(name: string): string[] {
  const files = readdirSync(join(folder.path, name, 'resources'))
  return files
    .flatMap((file) => linesOf(name, 'resources', file))
    .map(({ resourceType, id }) => `${resourceType}/${id}`)
    .sort()
}

test('a whole practice is a file for each type, with attachments as files, a note and a manifest', async () => {
  const done = await run('all')
  assert.equal(done.status, 0, done.err)
  assert.match(done.err, /9 resources and 2 attachments are in/)
  assert.deepEqual(idsIn('all'), resources.map(({ resourceType, id }) => `${resourceType}/${id}`).sort())
  const manifest = json('all', 'manifest.json')
  assert.deepEqual(manifest.practice, { id: 'north', name: 'North & Sons' })
  assert.ok(Date.parse(manifest.transactionTime) <= Date.now())
  const files = [...manifest.resources, manifest.attachments.index]
  for (const { path, count, bytes, sha256 } of files) {
    const text = read('all', path)
    assert.deepEqual(
      { bytes, sha256, count },
      {
        bytes: text.length,
        sha256: createHash('sha256').update(text).digest('hex'),
        count: linesOf('all', path).length,
      },
    )
  }
  const index = linesOf('all', 'attachments.ndjson')
  const contents = Object.fromEntries(
    index.map(({ resource, path, file }) => [`${resource} ${path}`, read('all', file)]),
  )
  assert.deepEqual(contents, { 'Patient/p1 photo[0]': photo, 'Binary/b1 ': letter })
  assert.ok(index.every(({ file }) => /\.(png|txt)$/.test(file)))
  const readme = read('all', 'README.html').toString()
  assert.match(readme, /<a href="https:\/\/hl7\.org\/fhir\/R4\/">/)
  assert.match(readme, /North &amp; Sons/)
  assert.equal(statSync(join(folder.path, 'all', 'resources', 'Patient.ndjson')).mode & 0o077, 0)
})

test('one patient is what they own, what belongs to that and what it refers to', async () => {
  const done = await run('one', '--patient', 'p1')
  assert.equal(done.status, 0, done.err)
  const own = ['Binary/b1', 'DocumentReference/d1', 'Observation/o1', 'Patient/p1', 'Practitioner/dr', 'Provenance/v1']
  assert.deepEqual(idsIn('one'), own)
  assert.equal(json('one', 'manifest.json').patient, 'Patient/p1')
  const unknown = await run('unknown', '--patient', 'nobody')
  assert.equal(unknown.status, 1)
  assert.match(unknown.err, /Patient\/nobody is not known at north/)
})

test('--history adds earlier versions, and what was deleted', async () => {
  await run('past', '--history')
  const versions = linesOf('past', 'history', 'Patient.ndjson').map(({ id, meta }) => `${id} ${meta.versionId}`)
  assert.deepEqual(versions.sort(), ['gone 1', 'p1 1'])
  const [deleted, ...others] = linesOf('past', 'deleted.ndjson')
  assert.deepEqual([deleted.entry[0].request, others], [{ method: 'DELETE', url: 'Patient/gone' }, []])
  await run('past-of-one', '--history', '--patient', 'p1')
  assert.equal(linesOf('past-of-one', 'history', 'Patient.ndjson').length, 1)
  assert.equal(read('past-of-one', 'deleted.ndjson').length, 0)
})

test('a folder that is not empty is refused; --overwrite removes nothing but an earlier export', async () => {
  await run('again')
  writeFileSync(join(folder.path, 'again', 'notes.txt'), 'mine')
  const refused = await run('again')
  assert.equal(refused.status, 2)
  assert.match(refused.err, /again is not empty: choose another folder/)
  const done = await run('again', '--overwrite', '--patient', 'p2')
  assert.equal(done.status, 0, done.err)
  assert.deepEqual(idsIn('again'), ['Observation/o2', 'Patient/p2'])
  assert.equal(read('again', 'notes.txt').toString(), 'mine')
})

test('all files are of one state, whatever is written meanwhile', async () => {
  await using app = await testApp()
  const practice = await app.addPractice('busy')
  const store = app.storeOf(practice)
  const both = (id: string, round: number): WriteOperation[] => {
    const texts = [
      { resourceType: 'Observation', id, status: 'final', code: { text: String(round) } },
      { resourceType: 'Patient', id, name: [{ family: String(round) }] },
    ]
    return texts.map((resource) => ({
      ...{ kind: 'put', type: resource.resourceType, id, text: JSON.stringify(resource), resource },
    }))
  }
  const ids = Array.from({ length: 50 }, (_, i) => `r${i}`)
  await store.write(ids.flatMap((id) => both(id, 0)))
  const stopping = new AbortController()
  const writing = (async () => {
    for (let round = 1; !stopping.signal.aborted; round++) await store.write(ids.flatMap((id) => both(id, round)))
  })()
  await exportEhi({
    ...{ db: app.installation.db, scope: app.installation.directory.scopeOf(practice), withHistory: false },
    ...{ folder: join(folder.path, 'busy'), isOverwritten: false, practice: { id: 'busy', name: 'Busy' } },
    ...{ readme: () => '', progress: () => undefined, signal: stopping.signal },
  })
  stopping.abort()
  await writing
  const rounds = new Set([
    ...linesOf('busy', 'resources', 'Patient.ndjson').map(({ name }) => name[0].family),
    ...linesOf('busy', 'resources', 'Observation.ndjson').map(({ code }) => code.text),
  ])
  assert.equal(rounds.size, 1)
})

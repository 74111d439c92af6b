import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type See, seeAll } from '#access'
import { resourceTypes } from '#fhir'
import { type FileStore, openFileStore } from '#files'
import { startWorker } from '#jobs'
import type { PracticeRecord } from '#platform'
import { generate } from '#sandbox'
import { asOf } from '#store'
import { filesOnDisk } from '../../../test/support/file-stores.ts'
import { type TestApp, testApp } from '../../../test/support/test-app.ts'
import type { Export, ExportFile, ExportRequest, ExportShape } from '../export.ts'
import { addExport, findExport } from '../records/exports-store.ts'
import { filesOf } from '../records/files-store.ts'
import { startNext } from '../records/start-store.ts'
import { exportJob } from './job.ts'

const shape: ExportShape = {
  mostLines: 50,
  mostBytes: 1e8,
  isGzipped: false,
  expiryHours: 48,
  isOpen: false,
  mostRunning: 2,
}
const whole: ExportRequest = {
  ...{ level: 'system', types: resourceTypes.filter((type) => type !== 'AuditEvent'), isTyped: false, filters: {} },
  ...{ provenance: 'all', isPartial: false },
}

interface Exporting extends AsyncDisposable {
  readonly app: TestApp
  readonly practice: PracticeRecord
  readonly files: FileStore
  begin(request: Partial<ExportRequest>, more?: Partial<ExportShape>): Promise<string>
  ended(id: string): Promise<Export>
  run(request: Partial<ExportRequest>, more?: Partial<ExportShape>): Promise<Made>
}

interface Made {
  readonly exported: Export
  readonly files: readonly ExportFile[]
  /** `Type/id` with the text. */
  readonly lines: ReadonlyMap<string, string>
  linesOf(kind: ExportFile['kind']): Promise<string[]>
}

async function exporting(see: See = seeAll): Promise<Exporting> {
  const stack = new AsyncDisposableStack()
  const app = stack.use(await testApp())
  const { db, directory } = app.installation
  const practice = await app.addPractice('north')
  const folder = stack.use(await filesOnDisk())
  const files = await openFileStore(folder.settings, 'test')
  const scope = directory.scopeOf(practice)
  const job = exportJob({
    ...{ db, files },
    scopeOf: async () => scope,
    seeOf: async () => see,
    placesOf: async () => ({
      nameOf: ({ kind, type }, n) => `${kind === 'output' ? type : kind}-${n}.ndjson`,
      addressOf: ({ name }) => `http://files/${name}`,
    }),
  })
  const worker = await startWorker({
    db,
    jobs: [job, { name: 'export-remove', payload: (p) => p, run: async () => {} }],
    pollSeconds: 0.02,
    ...(process.env.LOG && { log: process.stderr }),
  })
  stack.use(worker)
  const begin: Exporting['begin'] = (request, more) =>
    db.transaction(async (transaction) => {
      const { id } = await addExport(transaction, {
        ...{
          practice: practice.number,
          client: 'c',
          same: 's',
          notices: [],
          address: 'http://x/$export',
          base: 'http://x',
        },
        principal: { practice: practice.number, client: 'c', patients: [], scopes: 'system/*.rs', requestId: 'r' },
        request: { ...whole, ...request },
        shape: { ...shape, ...more },
      })
      await startNext(transaction, practice.number, 'c')
      return id
    })
  async function ended(id: string): Promise<Export> {
    for (let i = 0; i < 1500; i++) {
      const exported = await findExport(db, practice.number, id)
      if (exported && exported.state !== 'running' && exported.state !== 'queued') return exported
      await sleep(20)
    }
    throw new Error('the export has not ended in 30 seconds')
  }
  async function run(request: Partial<ExportRequest>, more?: Partial<ExportShape>): Promise<Made> {
    const exported = await ended(await begin(request, more))
    assert.equal(exported.state, 'done', exported.sentence)
    const made = await filesOf(db, practice.number, exported.id)
    const linesOf = async (kind: ExportFile['kind']) =>
      (await Promise.all(made.filter((file) => file.kind === kind).map((file) => read(files, file)))).flat()
    const lines = new Map<string, string>()
    for (const line of await linesOf('output')) {
      const { resourceType, id } = JSON.parse(line) as { resourceType: string; id: string }
      assert.ok(!lines.has(`${resourceType}/${id}`), `${resourceType}/${id} is there twice`)
      lines.set(`${resourceType}/${id}`, line)
    }
    return { exported, files: made, lines, linesOf }
  }
  return { app, practice, files, begin, ended, run, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

async function read(files: FileStore, { stored, lines, bytes, storedBytes }: ExportFile): Promise<string[]> {
  const opened = await files.open(stored)
  assert.ok(opened)
  const text = (await Array.fromAsync(opened.stream, (chunk) => (chunk as Buffer).toString('latin1'))).join('')
  assert.equal(text.length, bytes)
  assert.equal(text.length, storedBytes)
  const found = Buffer.from(text, 'latin1').toString().split('\n')
  assert.equal(found.pop(), '', 'the last line ends with a line break')
  assert.equal(found.length, lines)
  return found
}

/** `Type/id` with the text, of the state at T read by other code. */
async function stateOf(
  { app, practice }: Exporting,
  t: number,
  types?: readonly string[],
): Promise<Map<string, string>> {
  const state = new Map<string, string>()
  for await (const rows of asOf(app.installation.db, practice.number, t, types ? { types } : {})) {
    for (const { type, id, body } of rows) if (body !== undefined) state.set(`${type}/${id}`, body)
  }
  return state
}

async function loadLives({ app, practice }: Exporting, patients = 6): Promise<object[]> {
  const resources = [...generate({ patients, seed: 3, usCore: '6.1.0' })].map((line) => JSON.parse(line) as object)
  for (let at = 0; at < resources.length; at += 500) await app.load(practice, resources.slice(at, at + 500))
  return resources
}

/** Exported lines are the stored ones, but for addresses of attachments. */
function assertSame(lines: ReadonlyMap<string, string>, expected: ReadonlyMap<string, string>) {
  const asSent = (text: string) => text.replaceAll('"url":"Binary/', '"url":"http://x/Binary/')
  const missing = [...expected.keys()].filter((key) => !lines.has(key))
  const besides = [...lines.keys()].filter((key) => !expected.has(key))
  assert.deepEqual({ missing: missing.slice(0, 5), besides: besides.slice(0, 5) }, { missing: [], besides: [] })
  for (const [key, text] of expected) assert.equal(lines.get(key), asSent(text))
}

test('a system export holds the state at T, each text to the letter, in files that are cut where they are full', async () => {
  await using there = await exporting()
  const resources = await loadLives(there)
  const { exported, files, lines } = await there.run({})
  assertSame(lines, await stateOf(there, exported.t ?? 0))
  assert.equal(lines.size, resources.length)
  for (const file of files) assert.ok(file.lines <= 50 && file.lines > 0)
  const names = files.map(({ name }) => name)
  assert.ok(names.includes('Observation-1.ndjson') && names.includes('Observation-2.ndjson'))
  assert.equal(new Set(names).size, names.length)
  assert.equal(exported.progress, 1)
})

test('an export of a group holds the records of its members and the shared resources that they name, and nothing else', async () => {
  await using there = await exporting()
  await loadLives(there)
  const member = ['p1', 'p3'].map((id) => ({ entity: { reference: `Patient/${id}` } }))
  await there.app.load(there.practice, [{ resourceType: 'Group', id: 'g', type: 'person', actual: true, member }])
  const { exported, lines } = await there.run({ level: 'group', group: 'g' })
  const state = await stateOf(there, exported.t ?? 0)
  const patients = [...lines.keys()].filter((key) => key.startsWith('Patient/'))
  assert.deepEqual(patients.toSorted(), ['Patient/p1', 'Patient/p3'])
  const own = (id: string) =>
    [...state].filter(([, text]) => text.includes(`"reference":"Patient/${id}"`)).map(([key]) => key)
  assert.deepEqual(
    [...own('p1'), ...own('p3')].filter((key) => !lines.has(key) && !key.startsWith('Group/')),
    [],
  )
  for (const [key, text] of lines) {
    const others = /"(?:subject|patient|beneficiary)":\{"reference":"Patient\/(?!p1"|p3")/.exec(text)
    assert.equal(others, null, key)
  }
  const shared = /"(?:Practitioner|PractitionerRole|Organization|Location|Medication|HealthcareService)\/[^"]+"/g
  const named = new Set(
    [...lines.values()].flatMap((text) => text.match(shared) ?? []).map((quoted) => quoted.slice(1, -1)),
  )
  assert.ok(named.size > 5)
  assert.deepEqual(
    [...named].filter((key) => state.has(key) && !lines.has(key)),
    [],
  )
  const unnamed = [...lines.keys()].filter((key) => key.startsWith('Practitioner/') && !named.has(key))
  assert.deepEqual(unnamed, [])
  assert.ok([...lines.keys()].some((key) => key.startsWith('Provenance/')))
})

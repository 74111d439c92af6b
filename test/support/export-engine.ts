/** The work on exports without its HTTP face: a database, a file store, workers, and practices that export. */
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { type See, seeAll } from '#access'
import { sql } from '#db'
import { resourceTypes } from '#fhir'
import { type FileStore, openFileStore } from '#files'
import { startWorker, type Worker } from '#jobs'
import type { PracticeRecord } from '#platform'
import { generate } from '#sandbox'
import type { Store, WriteOperation } from '#store'
import type { Export, ExportFile, ExportRequest, ExportShape } from '../../src/bulk/export.ts'
import { addExport, findExport } from '../../src/bulk/records/exports-store.ts'
import { filesOf } from '../../src/bulk/records/files-store.ts'
import { startNext } from '../../src/bulk/records/start-store.ts'
import { exportJob } from '../../src/bulk/work/job.ts'
import { removalJob } from '../../src/bulk/work/removal.ts'
import { asOf } from './as-of.ts'
import { filesOnDisk } from './file-stores.ts'
import { type Made, madeOf } from './made-export.ts'
import { type TestApp, testApp } from './test-app.ts'

const shape: ExportShape = {
  ...{
    mostLines: 50,
    mostBytes: 1e8,
    isGzipped: false,
    expiryHours: 48,
    isOpen: false,
    mostRunning: 2,
    mostInPractice: 100,
  },
}
const whole: ExportRequest = {
  ...{ level: 'system', types: resourceTypes.filter((type) => type !== 'AuditEvent'), isTyped: false, filters: {} },
  ...{ provenance: 'all', isPartial: false },
}

export interface ExportEngine extends AsyncDisposable {
  readonly app: TestApp
  readonly files: FileStore
  /** What happens before a worker creates a file, before one lies complete, and before a folder is removed. */
  beforeCreate: (name: string) => Promise<void>
  beforeFinish: (name: string) => Promise<void>
  beforeRemove: (folder: string) => Promise<void>
  addPractice(): Promise<ExportingPractice>
  /** One works from the beginning unless `isIdle` was said. */
  addWorker(slots?: number): Promise<Worker>
  /** Resolves when no job is due or runs. */
  idle(): Promise<void>
}

export interface ExportingPractice {
  readonly record: PracticeRecord
  readonly store: Store
  /** What exports may see; a test may narrow it while they are made. */
  see: See
  /** Awaited whenever what may be seen is asked for: when it begins, before each chunk, and before each later step. */
  beforeSee: () => Promise<void>
  load(resources: readonly object[]): Promise<void>
  remove(...references: readonly string[]): Promise<void>
  begin(request: Partial<ExportRequest>, more?: Partial<ExportShape>, client?: string): Promise<string>
  find(id: string): Promise<Export>
  ended(id: string): Promise<Export>
  filesOf(id: string): Promise<ExportFile[]>
  /** Begins, waits for its end, which is `done`, and reads all files. */
  run(request: Partial<ExportRequest>, more?: Partial<ExportShape>): Promise<Made>
  made(id: string): Promise<Made>
  /** `Type/id` with the text, as another reader finds it at T. */
  stateAt(t: number | undefined, types?: readonly string[]): Promise<Map<string, string>>
}

export async function exportEngine(
  options: { readonly isIdle?: boolean; readonly files?: FileStore; readonly backOffSeconds?: number } = {},
): Promise<ExportEngine> {
  const stack = new AsyncDisposableStack()
  const app = stack.use(await testApp())
  const { db, directory } = app.installation
  const folder = stack.use(await filesOnDisk())
  const practices: ExportingPractice[] = []
  const byNumber = (number: number) => practices.find(({ record }) => record.number === number) as ExportingPractice
  const engine: ExportEngine = {
    app,
    files: options.files ?? (await openFileStore(folder.settings, 'test')),
    ...{ beforeCreate: async () => {}, beforeFinish: async () => {}, beforeRemove: async () => {} },
    async addPractice() {
      const record = await app.addPractice(`p${practices.length}`)
      const practice = exportingPractice(engine, record)
      practices.push(practice)
      return practice
    },
    async addWorker(slots = 1) {
      const { backOffSeconds = quick.backOffSeconds } = options
      return stack.use(await startWorker({ ...quick, backOffSeconds, slots, db, jobs: jobs() }))
    },
    async idle() {
      const busy = practices.map(
        ({ record }) => sql`select 1 from job where practice = ${record.number} and (state = 'running'
          or state = 'waiting' and due < now() + interval '10 s') limit 1`,
      )
      for (const statement of busy) while (await db.maybeOne(statement)) await sleep(20)
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
  const files: FileStore = {
    async create(name) {
      await engine.beforeCreate(name)
      const writer = await engine.files.create(name)
      const finish = async () => {
        await engine.beforeFinish(name)
        return writer.finish()
      }
      return { write: (bytes) => writer.write(bytes), finish, abort: () => writer.abort() }
    },
    open: (name, range) => engine.files.open(name, range),
    async removeFolder(name) {
      await engine.beforeRemove(name)
      await engine.files.removeFolder(name)
    },
    close: async () => {},
  }
  const jobs = () => [
    exportJob({
      ...{ db, files, pace: app.installation.pace },
      scopeOf: async (number) => directory.scopeOf(byNumber(number).record),
      async seeOf({ practice }) {
        await byNumber(practice).beforeSee()
        return byNumber(practice).see
      },
      placesOf: async () => ({
        nameOf: ({ kind, type }, n) => `${kind === 'output' ? type : kind}-${n}.ndjson`,
        addressOf: ({ name }) => `http://files/${name}`,
      }),
    }),
    removalJob(db, files),
  ]
  if (!options.isIdle) await engine.addWorker()
  return engine
}

const quick = {
  ...{ pollSeconds: 0.02, backOffSeconds: 0.01, leaseSeconds: 5 },
  ...(process.env.LOG && { log: process.stderr }),
}

function exportingPractice(engine: ExportEngine, record: PracticeRecord): ExportingPractice {
  const { app } = engine
  const { db } = app.installation
  const store = app.storeOf(record)
  const practice: ExportingPractice = {
    record,
    store,
    see: seeAll,
    beforeSee: async () => {},
    load: async (resources) => {
      for (let at = 0; at < resources.length; at += 500) await app.load(record, resources.slice(at, at + 500))
    },
    async remove(...references) {
      await store.write(
        references.map((reference): WriteOperation => {
          const [type = '', id = ''] = reference.split('/')
          return { kind: 'delete', type, id }
        }),
      )
    },
    begin: (request, more, client = 'c') =>
      db.transaction(async (transaction) => {
        const { id } = await addExport(transaction, {
          ...{ practice: record.number, client, same: 's', notices: [] },
          ...{ address: 'http://x/$export', base: 'http://x' },
          principal: { practice: record.number, client, patients: [], scopes: 'system/*.rs', requestId: 'r' },
          request: { ...whole, ...request },
          shape: { ...shape, ...more },
        })
        await startNext(transaction, record.number)
        return id
      }),
    async find(id) {
      const found = await findExport(db, record.number, id)
      assert.ok(found, 'the export is known')
      return found
    },
    async ended(id) {
      for (let i = 0; i < 3000; i++) {
        const exported = await practice.find(id)
        if (exported.state !== 'running' && exported.state !== 'queued') return exported
        await sleep(20)
      }
      throw new Error('the export has not ended in 60 seconds')
    },
    filesOf: (id) => filesOf(db, record.number, id),
    run: async (request, more) => practice.made(await practice.begin(request, more)),
    made: async (id) => madeOf(engine.files, await practice.ended(id), await practice.filesOf(id)),
    async stateAt(t = 0, types) {
      const state = new Map<string, string>()
      for await (const rows of asOf(db, record.number, t, types ? { types } : {})) {
        for (const { type, id, body } of rows) if (body !== undefined) state.set(`${type}/${id}`, body)
      }
      return state
    },
  }
  return practice
}

/** Lives of the sandbox, with what they refer to. */
export function lives(patients: number): object[] {
  return [...generate({ patients, seed: 3, usCore: '6.1.0' })].map((line) => JSON.parse(line) as object)
}

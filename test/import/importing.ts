/** A practice that takes imports, a worker of one slot, an app that may import, and another machine's files. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Worker } from '#jobs'
import { type PracticeRecord, permitApp } from '#platform'
import { workerOf } from '../../src/app.ts'
import { register } from '../smart/apps.ts'
import { type Answer, type TestApp, testApp } from '../support/test-app.ts'
import { type Source, source } from './source.ts'

type Permitted = Partial<Parameters<typeof permitApp>[3]>

interface Asking {
  readonly practice?: PracticeRecord
  readonly token?: string
  readonly headers?: Record<string, string>
}

export interface Importing extends AsyncDisposable {
  readonly app: TestApp
  readonly north: PracticeRecord
  readonly files: Source
  /** Of an app that may import whatever it likes. */
  readonly client: string
  readonly token: string
  work(): Promise<void>
  stopWork(): Promise<void>
  /** A backend app that the practice permits to import. */
  importer(practice: PracticeRecord, permitted?: Permitted): Promise<string>
  post(manifest: object, asking?: Asking): Promise<Answer>
  manifest(...input: readonly (readonly [type: string, path: string])[]): object
  ask(path: string, method?: string, token?: string): Promise<Answer>
  /** The status once it is no longer 202. */
  ended(path: string, token?: string): Promise<Answer>
  /** What a file of errors tells, a sentence a line. */
  told(address: string): Promise<string[]>
}

export const scope = 'system/*.cruds'

/** The path of the status of what has begun. */
export const at = (begun: Answer) => new URL(String(begun.headers['content-location'])).pathname

export async function importing(): Promise<Importing> {
  const folder = await mkdtemp(join(tmpdir(), 'charthouse-import-test-'))
  const app = await testApp({ DEVELOPMENT: 'true', DATA_DIR: folder })
  const north = await app.addPractice('north', { name: 'North Clinic', writes: 'on', importMaximumGigabytes: '1' })
  const files = await source({})
  let worker: Worker | undefined

  async function importer(practice: PracticeRecord, permitted: Permitted = {}) {
    const jwks = 'https://app.example.org/keys'
    const { client: id } = await register(app, practice, { type: 'backend', scopes: scope, keys: { url: jwks } })
    const everything = { scopes: scope, types: undefined, groups: undefined, mayImport: true }
    await permitApp(app.installation.db, practice.number, id, { ...everything, ...permitted })
    return id
  }
  const client = await importer(north)
  const token = await app.token(north, { client, scope })
  const ask = (path: string, method = 'GET', other = token) =>
    app.request({ method, url: path, headers: { authorization: `Bearer ${other}` } })
  const stopWork = async () => worker?.[Symbol.asyncDispose]()
  const work = async () => {
    worker = await workerOf(app.installation, { log: undefined, slots: 1 })
  }
  await work()
  return {
    ...{ app, north, files, client, token, work, stopWork, importer, ask },
    post(manifest, { practice = north, token: other = token, headers = {} } = {}) {
      const prefer = { prefer: 'respond-async', 'content-type': 'application/json', authorization: `Bearer ${other}` }
      const url = `/${practice.id}/fhir/r4/$import`
      return app.request({ method: 'POST', url, headers: { ...prefer, ...headers }, payload: JSON.stringify(manifest) })
    },
    manifest: (...input) => ({
      inputFormat: 'application/fhir+ndjson',
      inputSource: 'https://other.example.org/fhir',
      storageDetail: { type: 'https' },
      input: input.map(([type, path]) => ({ type, url: path.startsWith('http') ? path : files.url + path })),
    }),
    async ended(path, other = token) {
      for (;;) {
        const status = await ask(path, 'GET', other)
        if (status.status !== 202 && status.status !== 429) return status
        await sleep(50)
      }
    },
    async told(address) {
      const { text } = await ask(new URL(address).pathname)
      const outcomes = text.split('\n').slice(0, -1)
      return outcomes.map((line) => JSON.parse(line).issue[0].details.text)
    },
    async [Symbol.asyncDispose]() {
      await stopWork()
      await files[Symbol.asyncDispose]()
      await app[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

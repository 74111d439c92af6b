/** A practice with a few records, a worker, and what clients of exports do. */
import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Worker } from '#jobs'
import { type PracticeRecord, permitApp } from '#platform'
import type { Grant } from '#smart'
import { workerOf } from '../../src/app.ts'
import { findExport } from '../../src/bulk/records/exports-store.ts'
import { noticesOf } from '../../src/bulk/records/notices-store.ts'
import { backendAt } from '../smart/apps.ts'
import { type Answer, type TestApp, testApp } from '../support/test-app.ts'

export interface Exporting extends AsyncDisposable {
  readonly app: TestApp
  readonly practice: PracticeRecord
  /** Does what is queued from now on. */
  work(): Promise<Worker>
  /** A token of an app that the practice permits so much; the same app for the same name. */
  token(scope?: string, more?: Partial<Grant> & { readonly groups?: readonly string[] }): Promise<string>
  send(
    method: string,
    address: string,
    token?: string,
    headers?: Readonly<Record<string, string>>,
    body?: object,
  ): Promise<Answer>
}

export const respondAsync = { accept: 'application/fhir+json', prefer: 'respond-async' }

const root = 'http://localhost:8080'

/** One export runs, all others wait, so that what was asked is looked at and not made. */
export function exportingOne(): Promise<Exporting> {
  return exporting({ exportsRunning: '1', exportsQueued: '1000' })
}

export async function exporting(
  settings: Readonly<Record<string, string>> = {},
  environment: Readonly<Record<string, string>> = {},
  stored: readonly object[] = records,
): Promise<Exporting> {
  const folder = join(tmpdir(), `charthouse-exports-${randomUUID()}`)
  const app = await testApp({ DATA_DIR: folder, ...environment })
  const practice = await app.addPractice('north', { exportsRunning: '20', practiceExportsRunning: '20', ...settings })
  await app.load(practice, stored)
  const { db } = app.installation
  const workers: Worker[] = []
  async function token(
    scope = 'system/*.rs',
    { groups, ...grant }: Partial<Grant> & { groups?: readonly string[] } = {},
  ) {
    const { client = 'operator' } = grant
    if (client !== 'operator') await permitApp(db, practice.number, client, { scopes: scope, types: undefined, groups })
    return app.token(practice, { scope, ...grant })
  }
  return {
    ...{ app, practice, token },
    async work() {
      const worker = await workerOf(app.installation, { log: undefined, slots: 2 })
      workers.push(worker)
      return worker
    },
    async send(method, address, given, headers = {}, body) {
      return app.request({
        method,
        url: address.startsWith(root) ? address.slice(root.length) : address,
        headers: {
          ...(given !== undefined && { authorization: `Bearer ${given}` }),
          ...(body && { 'content-type': 'application/fhir+json' }),
          ...headers,
        },
        ...(body && { payload: JSON.stringify(body) }),
      })
    },
    async [Symbol.asyncDispose]() {
      for (const worker of workers) await worker[Symbol.asyncDispose]()
      await app[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Registers an app; its client id. */
export async function newApp({ app, practice }: Pick<Exporting, 'app' | 'practice'>): Promise<string> {
  return (await backendAt(app, practice)).client.client
}

/** Begins an export; the address of its status. */
export async function begin(exporting: Exporting, path: string, token: string, headers = {}): Promise<string> {
  const answer = await exporting.send('GET', `/north/fhir/r4/${path}`, token, { ...respondAsync, ...headers })
  if (answer.status !== 202) throw new Error(`${answer.status} ${answer.text}`)
  return String(answer.headers['content-location'])
}

/** Polls until the export has ended. */
export async function ended({ send }: Exporting, status: string, token: string): Promise<Answer> {
  for (let tries = 0; tries < 1000; tries++) {
    const answer = await send('GET', status, token, { accept: 'application/json' })
    if (answer.status !== 202 && answer.status !== 429) return answer
    await sleep(tries < 40 ? 25 : 100)
  }
  throw new Error('the export did not end')
}

/** An export as it is kept, by the address of its status. */
export async function kept({ app, practice }: Pick<Exporting, 'app' | 'practice'>, status: string) {
  const { db } = app.installation
  const id = status.slice(status.lastIndexOf('/') + 1)
  const exported = await findExport(db, practice.number, id)
  if (!exported) throw new Error(`${status} is not kept`)
  return { ...exported, notices: await noticesOf(db, practice.number, id) }
}

/** A resource Parameters. */
export const parameters = (...parameter: object[]) => ({ resourceType: 'Parameters', parameter })

const of = (id: string) => ({ subject: { reference: `Patient/${id}` } })

export const records: readonly object[] = [
  { resourceType: 'Practitioner', id: 'd1', name: [{ family: 'Doe' }] },
  { resourceType: 'Patient', id: 'p1', name: [{ family: 'Smith' }], gender: 'female', birthDate: '1970-01-01' },
  { resourceType: 'Patient', id: 'p2', name: [{ family: 'Jones' }], gender: 'male' },
  {
    ...{ resourceType: 'Observation', id: 'o1', status: 'final', code: { text: 'x' }, ...of('p1') },
    performer: [{ reference: 'Practitioner/d1' }],
  },
  { resourceType: 'Observation', id: 'o2', status: 'preliminary', code: { text: 'y' }, ...of('p2') },
  { resourceType: 'Condition', id: 'c1', code: { text: 'z' }, ...of('p1') },
  {
    ...{ resourceType: 'Provenance', id: 'v1', recorded: '2026-01-01T00:00:00Z' },
    target: [{ reference: 'Observation/o1' }],
    agent: [{ who: { reference: 'Practitioner/d1' } }],
  },
  {
    ...{ resourceType: 'Group', id: 'g1', type: 'person', actual: true },
    member: [{ entity: { reference: 'Patient/p1' } }],
  },
  { resourceType: 'Group', id: 'g2', type: 'person', actual: true },
]

/** The whole server on a database of its own, spoken to by HTTP as clients do. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { readSettings } from '#config'
import { addPractice, type PracticeRecord } from '#platform'
import { type Grant, issueAccessToken } from '#smart'
import type { Store, WriteOperation } from '#store'
import { type Installation, openInstallation, serverOf } from '../../src/app.ts'
import { checkStatement } from './check-statement.ts'
import { testDatabase } from './database.ts'

export interface TestApp extends AsyncDisposable {
  readonly installation: Installation
  readonly server: FastifyInstance
  /** Statements that ran since the last call of `takeStatements`. */
  takeStatements(): string[]
  addPractice(id: string, settings?: Readonly<Record<string, string>>): Promise<PracticeRecord>
  storeOf(practice: PracticeRecord): Store
  load(practice: PracticeRecord, resources: readonly object[]): Promise<void>
  token(practice: PracticeRecord, grant?: Partial<Grant>): Promise<string>
  /** `path` below the practice's FHIR base, such as "Patient?name=x". */
  get(
    practice: PracticeRecord,
    path: string,
    token?: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>
  request(request: {
    method: string
    url: string
    headers?: Record<string, string>
    payload?: string | Buffer
  }): Promise<Answer>
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>
  readonly text: string
  /** The body as it came. */
  readonly bytes: Buffer
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  readonly json: any
}

/** `environment`: settings of the installation besides those that every test has. */
export async function testApp(environment: Readonly<Record<string, string>> = {}): Promise<TestApp> {
  const database = await testDatabase()
  const statements: string[] = []
  // files of one installation are not another's
  const folder = mkdtempSync(join(tmpdir(), 'charthouse-app-'))
  const own = { DATABASE_URL: database.url, DATA_DIR: folder, BASE_URL: 'http://localhost:8080' }
  const settings = readSettings({ ...own, ...environment })
  const installation = await openInstallation(settings, (text) => {
    checkStatement(text)
    statements.push(text)
  })
  const { server } = await serverOf(installation, undefined)
  await server.ready()
  async function request({ method, url, headers, payload }: Parameters<TestApp['request']>[0]): Promise<Answer> {
    const answer = await server.inject({
      method: method as 'GET',
      url,
      headers: headers ?? {},
      ...(payload !== undefined && { payload }),
    })
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text: answer.body,
      bytes: answer.rawPayload,
      get json() {
        return JSON.parse(answer.body) as unknown
      },
    }
  }
  return {
    ...{ installation, server },
    takeStatements: () => statements.splice(0),
    addPractice: (id, practiceSettings = {}) => addPractice(installation.db, id, practiceSettings),
    storeOf: (practice) => installation.storeOf(practice),
    async load(practice, resources) {
      const operations = resources.map((resource): WriteOperation => {
        const { resourceType: type, id } = resource as { resourceType: string; id: string }
        return { kind: 'put', type, id, text: JSON.stringify(resource), resource }
      })
      await installation.storeOf(practice).write(operations)
    },
    token: (practice, grant = {}) =>
      issueAccessToken(installation.db, {
        ...{ practice: practice.number, client: 'operator', scope: 'system/*.rs', patients: [], seconds: 3600 },
        ...grant,
      }),
    get: (practice, path, token, headers = {}) =>
      request({
        method: 'GET',
        url: `/${practice.id}/fhir/r4/${path}`,
        headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
      }),
    request,
    async [Symbol.asyncDispose]() {
      await server.close()
      await installation.close()
      await database[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true })
    },
  }
}

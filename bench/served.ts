import { practiceNamed } from '#platform'
import { type Grant, issueAccessToken } from '#smart'
import type { Bench } from './bench.ts'
import { type Captured, capture, type Heard } from './capture.ts'
import type { DataSet } from './data/data-sets.ts'
import { databaseOf, openHeard, practice } from './data/prepared.ts'
import { type RunningServer, startCharthouse } from './servers/start.ts'

export interface StoredResource {
  readonly resourceType: string
  readonly id: string
  readonly [member: string]: unknown
}

/** A data set with our server on it. */
export interface Served extends AsyncDisposable {
  readonly server: RunningServer
  readonly databaseUrl: string
  /** The practice's number. */
  readonly number: number
  token(grant?: Partial<Grant>): Promise<string>
  /** Rows of a statement, to draw examples from what is stored. */
  ask<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>
  /** Stores resources, as an import does. */
  write(resources: readonly StoredResource[]): Promise<void>
  capture(paths: readonly string[], token: string): Promise<Captured[]>
}

export async function serve(bench: Bench, dataSet: DataSet): Promise<Served> {
  const { cluster } = bench
  bench.say(`Data set ${dataSet.name} …`)
  const database = await databaseOf(bench, dataSet)
  const heard: Heard = await openHeard(cluster, database)
  const { installation } = heard
  const record = await practiceNamed(installation.db, practice)
  const client = await cluster.connect(database)
  const databaseUrl = cluster.urlOf(database)
  const server = await startCharthouse(bench, database)
  return {
    ...{ server, databaseUrl, number: record.number },
    token: (grant = {}) =>
      issueAccessToken(installation.db, {
        ...{ practice: record.number, client: 'operator', scope: 'system/*.rs', patients: [], seconds: 86_400 },
        ...grant,
      }),
    ask: async <Row>(text: string, values: readonly unknown[] = []) =>
      (await client.query(text, [...values])).rows as Row[],
    async write(resources) {
      await installation.storeOf(record).write(
        resources.map((resource) => ({
          ...{ kind: 'put', type: resource.resourceType, id: resource.id, text: JSON.stringify(resource), resource },
        })),
      )
    },
    capture: (paths, token) => capture(heard, paths, token),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await client.end()
      await installation.close()
    },
  }
}

import { practiceNamed } from '#platform'
import { issueAccessToken } from '#smart'
import type { Bench } from '../bench.ts'
import { observations } from '../data/data-sets.ts'
import { databaseOf, fhirPath, open, practice } from '../data/prepared.ts'
import { compare, ratesText, type Side } from '../measure/compare.ts'
import type { Row } from '../row.ts'
import { baseUrl, type RunningServer, startCharthouse, startFloor } from '../servers/start.ts'

const connections = 64
const updatedPerConnection = 40

export const writes: Row = {
  name: 'writes',
  async *measure(bench) {
    const database = await copyOf(bench)
    const url = bench.cluster.urlOf(database)
    const client = await bench.cluster.connect(database)
    await client.query(`update practice set settings = settings || '{"writes": "on"}' where code = $1`, [practice])
    const { number, token } = await tokenOf(bench, database)
    const { rows } = await client.query<Stored>(
      `select id, ver, body from resource where practice = $1 and id ~ '^o[0-9]+-' order by md5(id) limit $2`,
      [number, connections * updatedPerConnection],
    )
    await client.end()
    await using server = await startCharthouse(bench, database)
    await using floor = await startFloor('joined-insert.ts', [url, String(number)])
    const inserting: Side = { server: floor, paths: [], requestOf: () => insertion }
    const insertion = requestText('POST', '/insert', rows[0]?.body ?? '')
    for (const { work, side, atLeast } of [
      { work: 'durable create', side: creating(server, rows, token), atLeast: 0.5 },
      { work: 'update with If-Match', side: updating(server, rows, token), atLeast: 0.35 },
    ]) {
      const compared = await compare([side, inserting], { ...bench.options, connections })
      const figures = { sides: ['charthouse', 'joined insert'], measured: compared.sides }
      yield {
        ...{ work, against: 'INSERT of the same rows', ratio: compared.ratioTo(1), reach: { atLeast } },
        ...{ note: `${ratesText(compared, 1)} at ${connections} connections`, figures },
      }
    }
    await floor[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
    await bench.cluster.drop(database)
  },
}

interface Stored {
  readonly id: string
  readonly ver: number
  readonly body: string
}

/** Writes leave the kept data set alone. */
async function copyOf({ cluster, dataDir, options, say }: Bench): Promise<string> {
  const dataSet = observations(options.size)
  say(`Data set ${dataSet.name} …`)
  const database = await databaseOf({ cluster, dataDir }, dataSet)
  const copy = `${database}_written`
  const admin = await cluster.connect('postgres')
  await admin.query(`drop database if exists ${copy} with (force)`)
  await admin.query(`create database ${copy} template ${database}`)
  await admin.end()
  return copy
}

async function tokenOf({ cluster }: Bench, database: string): Promise<{ number: number; token: string }> {
  await using installation = await open(cluster, database)
  const { number } = await practiceNamed(installation.db, practice)
  const grant = { practice: number, client: 'operator', scope: 'system/*.cruds', patients: [], seconds: 86_400 }
  return { number, token: await issueAccessToken(installation.db, grant) }
}

function creating(server: RunningServer, rows: readonly Stored[], token: string): Side {
  const requests = rows.map(({ body }) => {
    const { id: _, meta: __, ...resource } = JSON.parse(body) as Record<string, unknown>
    return requestText('POST', `${fhirPath}/Observation`, JSON.stringify(resource), {
      authorization: `Bearer ${token}`,
    })
  })
  let next = 0
  return { server, paths: [], requestOf: () => requests[next++ % requests.length] as Buffer }
}

/** Each connection has its resources to itself, and knows their versions. */
function updating(server: RunningServer, rows: readonly Stored[], token: string): Side {
  const versions = rows.map(({ ver }) => ver)
  const turns = new Map<number, number>()
  const requestOf = (connection: number) => {
    const turn = turns.get(connection) ?? 0
    turns.set(connection, turn + 1)
    const at = connection + connections * (turn % Math.floor(rows.length / connections))
    const version = versions[at] ?? 0
    versions[at] = version + 1
    const { id = '', body = '' } = rows[at] ?? {}
    const changed = body.replace(/"status":"[a-z-]+"/, version % 2 ? '"status":"amended"' : '"status":"corrected"')
    const headers = { authorization: `Bearer ${token}`, 'if-match': `W/"${version}"` }
    return requestText('PUT', `${fhirPath}/Observation/${id}`, changed, headers)
  }
  return { server, paths: [], requestOf }
}

function requestText(
  method: string,
  path: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Buffer {
  const all = {
    host: new URL(baseUrl).host,
    'content-type': 'application/fhir+json',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
}

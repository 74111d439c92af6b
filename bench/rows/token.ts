import pg from 'pg'
import { addApp, permitApp } from '#platform'
import { authenticate, issueAccessToken } from '#smart'
import type { Bench } from '../bench.ts'
import { observations } from '../data/data-sets.ts'
import { databaseOf, open, practice } from '../data/prepared.ts'
import { compare, ratesText } from '../measure/compare.ts'
import { median } from '../measure/median.ts'
import type { Line, Row } from '../row.ts'
import { startCharthouse, startFloor } from '../servers/start.ts'
import { newSigner, requestOf, tokenRequests } from '../workloads/assertions.ts'

const connections = 16
/** Of the data nothing is read. */
const size = 2000
const path = `/${practice}/auth/token`
/** More than a processor verifies. */
const mostPerSecond = 1500
const checks = 2000

export const token: Row = {
  name: 'token',
  async *measure(bench) {
    const database = await databaseOf(bench, observations(size))
    yield await tokensPerSecond(bench, database)
    yield* await checkOfToken(bench, database)
  },
}

async function tokensPerSecond(bench: Bench, database: string): Promise<Line> {
  const { cluster, options } = bench
  const signer = await newSigner()
  const client = await backendApp(bench, database, signer.keys)
  const url = cluster.urlOf(database)
  await using server = await startCharthouse(bench, database)
  await using floor = await startFloor('bare-token.ts', [url, JSON.stringify(signer.jwk)])
  const count = Math.ceil((options.rounds + 2) * options.seconds * mostPerSecond)
  bench.say(`Signing ${count} assertions …`)
  const requests = await tokenRequests(signer, client, { path, count })
  const bare = requestOf('/token', await signer.sign(client, ''))
  let next = 0
  const compared = await compare(
    [
      { server, paths: [], requestOf: () => requests[next++] as Buffer },
      { server: floor, paths: [], requestOf: () => bare },
    ],
    { connections, rounds: options.rounds, seconds: options.seconds },
  )
  const note = `${ratesText(compared, 1)} at ${connections} connections`
  const figures = { sides: ['charthouse', 'signature + INSERT'], measured: compared.sides }
  const work = 'token by client_credentials, ES384'
  return { work, against: 'signature + INSERT', ratio: compared.ratioTo(1), reach: { atLeast: 0.75 }, note, figures }
}

/** A new app of the practice, which nothing limits. */
async function backendApp({ cluster }: Bench, database: string, keys: Awaited<ReturnType<typeof newSigner>>['keys']) {
  await using installation = await open(cluster, database)
  const { db, directory } = installation
  const connection = await cluster.connect(database)
  await connection.query(
    `update practice set settings = settings || '{"tokenRequestsPerMinute": "1000000"}' where code = $1`,
    [practice],
  )
  await connection.end()
  const scopes = 'system/*.rs'
  const pages = { redirectUris: [], launchUris: [], origins: [] }
  const record = {
    ...pages,
    scopes,
    smartVersion: '2.2',
    pkce: 'required',
    trustedLaunch: false,
    skipConsent: false,
    keys,
  } as const
  const { client } = await addApp(db, { name: 'Bench', type: 'backend', record }, 'approved')
  const found = await directory.named(practice)
  await permitApp(db, found?.number ?? 0, client, { scopes, types: undefined, groups: undefined })
  return client
}

/**
 * Processor time of `authenticate`, one after the other and 64 at once, over that of a statement which reads the same row by
 * its key: no time of PostgreSQL, whose work is the same, and none of waiting, which other requests use.
 */
async function checkOfToken({ cluster, options }: Bench, database: string): Promise<Line[]> {
  await using installation = await open(cluster, database)
  const { db, find, directory } = installation
  const number = (await directory.named(practice))?.number ?? 0
  const given = await issueAccessToken(db, {
    practice: number,
    client: 'operator',
    scope: 'system/*.rs',
    patients: [],
    seconds: 3600,
  })
  const pool = new pg.Pool({ connectionString: cluster.urlOf(database), max: 4 })
  const { rows } = await pool.query<{ hash: string }>(
    'select hash from as_access where practice = $1 order by iat desc limit 1',
    [number],
  )
  const text = 'select client, fhir_user, scope, context, exp from as_access where practice = $1 and hash = $2'
  const check = () => authenticate(find, number, given, 'bench')
  const read = () => pool.query({ name: 'read', text, values: [number, rows[0]?.hash] })
  const lines: Line[] = []
  for (const atOnce of [1, 64]) {
    const ratios: number[] = []
    let times: readonly [number, number] = [0, 0]
    for (let round = 0; round <= options.rounds; round++) {
      times = [await microseconds(check, atOnce), await microseconds(read, atOnce)]
      if (round > 0) ratios.push(times[0] / times[1])
    }
    const note = `${Math.round(times[0])} to ${Math.round(times[1])} µs of Node, ${atOnce} at once`
    lines.push({
      work: 'check of a token',
      against: 'read by primary key',
      ratio: median(ratios),
      reach: { atMost: 1.3 },
      note,
    })
  }
  await pool.end()
  return lines
}

async function microseconds(work: () => Promise<unknown>, atOnce: number): Promise<number> {
  const before = process.cpuUsage()
  let left = checks
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left-- > 0) await work()
    }),
  )
  const { user, system } = process.cpuUsage(before)
  return (user + system) / checks
}

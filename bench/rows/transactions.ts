import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { practiceNamed } from '#platform'
import { issueAccessToken } from '#smart'
import type { Bench } from '../bench.ts'
import { fhirPath, importInto, open, practice } from '../data/prepared.ts'
import { bundleFolder, hasBundles } from '../data/synthea-bundles.ts'
import { unnestSeconds } from '../data/unnest.ts'
import { median } from '../measure/median.ts'
import type { Row } from '../row.ts'
import { startCharthouse } from '../servers/start.ts'

const database = 'bench_transactions'
/** Of each patient; half of them warm the server up. */
const copies = 6

export const transactions: Row = {
  name: 'transactions',
  async *measure(bench) {
    const line = {
      work: "Synthea patient's transaction Bundle over HTTP",
      against: 'one unnest statement a table',
      reach: { atLeast: 0.35 },
    }
    if (!hasBundles) {
      bench.say('SKIPPED: row "transactions" needs ../shared/data/synthea')
      yield { ...line, note: 'skipped: needs ../shared/data/synthea' }
      return
    }
    const rounds: Round[] = []
    for (let round = 0; round < (bench.options.isSmall ? 1 : 3); round++) rounds.push(await measureRound(bench))
    const [{ resources, bundles } = { resources: 0, bundles: 0 }] = rounds
    const [ours, floor] = [median(rounds.map((one) => one.ours)), median(rounds.map((one) => one.floor))]
    const rate = (seconds: number) => `${Math.round(resources / seconds).toLocaleString('en-US')} resources/s`
    yield {
      ...line,
      ratio: median(rounds.map((one) => one.floor / one.ours)),
      note: `${rate(ours)} of ${rate(floor)}, one client; ${Math.round((ours * 1000) / bundles)} ms a Bundle of ${Math.round(resources / bundles)}`,
      figures: { rounds },
    }
  },
}

interface Round {
  readonly ours: number
  readonly floor: number
  readonly resources: number
  readonly bundles: number
}

/** Hospitals and practitioners are there; then one patient's Bundle after the other. */
async function measureRound(bench: Bench): Promise<Round> {
  const { cluster, say } = bench
  const folder = await bundleFolder(bench, copies)
  const files = readdirSync(folder).map((name) => join(folder, name))
  const shared = files.filter((file) => /\/0-[^/]+$/.test(file))
  await importInto(bench, database, shared, { mayRefuse: true })
  const client = await cluster.connect(database)
  await client.query(`update practice set settings = settings || '{"writes": "on"}' where code = $1`, [practice])
  const token = await tokenOf(bench)
  const patients = files.filter((file) => /\/1-/.test(file)).map((file) => readFileSync(file, 'utf8'))
  // those that refer to hospitals and practitioners by identifier; others bring their own, which would be found, too
  const bundles = patients.filter((bundle) => bundle.includes('"Practitioner?'))
  const first = bundles.length / 2
  await using server = await startCharthouse(bench, database)
  say(`Posting ${bundles.length - first} Bundles …`)
  for (const bundle of bundles.slice(0, first)) await post(server.origin, token, bundle)
  await client.query('checkpoint')
  const { rows } = await client.query<{ stamp: string }>('select max(upd)::text as stamp from resource')
  const [{ stamp } = { stamp: '0' }] = rows
  const start = performance.now()
  for (const bundle of bundles.slice(first)) await post(server.origin, token, bundle)
  const ours = (performance.now() - start) / 1000
  await server[Symbol.asyncDispose]()
  const { seconds: floor } = await unnestSeconds(client, stamp)
  const counted = await client.query<{ count: number }>('select count(*)::int4 from resource where upd > $1', [stamp])
  await client.end()
  await cluster.drop(database)
  return { ours, floor, resources: counted.rows[0]?.count ?? 0, bundles: bundles.length - first }
}

async function tokenOf({ cluster }: Bench): Promise<string> {
  await using installation = await open(cluster, database)
  const { number } = await practiceNamed(installation.db, practice)
  const grant = { practice: number, client: 'operator', scope: 'system/*.cruds', patients: [], seconds: 86_400 }
  return await issueAccessToken(installation.db, grant)
}

async function post(origin: string, token: string, body: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json', connection: 'close' }
  const answer = await fetch(`${origin}${fhirPath}`, { method: 'POST', headers, body })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`A transaction got ${answer.status}: ${text}`)
}

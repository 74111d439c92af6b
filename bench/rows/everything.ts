import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bench } from '../bench.ts'
import { livesOfSize } from '../data/data-sets.ts'
import { fhirPath } from '../data/prepared.ts'
import { compare, ratesText } from '../measure/compare.ts'
import { againstReplay } from '../replayed.ts'
import type { Line, Row } from '../row.ts'
import { type Served, serve } from '../served.ts'
import { startFloor } from '../servers/start.ts'

const connections = 8
const patients = 40

const work = 'Patient/$everything, bytes of whole records'

export const everything: Row = {
  name: 'everything',
  async *measure(bench) {
    const { options } = bench
    await using served = await serve(bench, livesOfSize(Math.min(options.size, 30_000)))
    const rows = await served.ask<{ id: string }>(
      `select p.id from resource p where p.practice = $1 and p.key = p.patient order by md5(p.id) limit ${patients}`,
      [served.number],
    )
    const token = await served.token()
    const paths = rows.map(({ id }) => `${fhirPath}/Patient/${id}/$everything`)
    yield* againstReplay(bench, served, { work, paths, token, reach: 0.6 })
    yield await againstStatic(bench, served, paths, token)
  },
}

/** What a record costs at all: all have other lengths, the static route answers as many bytes as they have in the mean. */
async function againstStatic(
  { options }: Bench,
  served: Served,
  paths: readonly string[],
  token: string,
): Promise<Line> {
  const captured = await served.capture(paths, token)
  const bytes = Math.round(captured.reduce((sum, one) => sum + one.bytes, 0) / captured.length)
  const folder = mkdtempSync(join(tmpdir(), 'charthouse-everything-'))
  writeFileSync(join(folder, 'body'), `"${'x'.repeat(bytes - 2)}"`)
  await using fixed = await startFloor('static.ts', [join(folder, 'body')])
  rmSync(folder, { recursive: true })
  const sides = [
    { server: served.server, paths, token },
    { server: fixed, paths: ['/static'] },
  ]
  const compared = await compare(sides, { connections, rounds: options.rounds, seconds: options.seconds })
  const megabytes = ((compared.sides[0]?.requestsPerSecond ?? 0) * bytes) / 1e6
  return {
    work,
    against: 'static route of as many bytes',
    ratio: compared.ratioTo(1),
    note: `${ratesText(compared, 1)} at ${connections} connections, ${(bytes / 1000).toFixed(0)} kB a record, ${megabytes.toFixed(0)} MB/s`,
    figures: { sides: ['charthouse', 'static'], measured: compared.sides },
  }
}

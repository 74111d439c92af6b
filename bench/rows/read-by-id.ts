import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { observations } from '../data/data-sets.ts'
import { fhirPath } from '../data/prepared.ts'
import { compare, ratesText } from '../measure/compare.ts'
import type { Row } from '../row.ts'
import { serve } from '../served.ts'
import { startFloor } from '../servers/start.ts'

const connections = 64

export const readById: Row = {
  name: 'read',
  async *measure(bench) {
    const { options } = bench
    await using served = await serve(bench, observations(options.size))
    const rows = await served.ask<{ id: string; key: string; body: string }>(
      `select id, key, body from resource where practice = $1 and id ~ '^o[0-9]+-' order by md5(id) limit 2000`,
      [served.number],
    )
    const folder = mkdtempSync(join(tmpdir(), 'charthouse-read-'))
    writeFileSync(join(folder, 'body'), rows[0]?.body ?? '')
    await using fixed = await startFloor('static.ts', [join(folder, 'body')])
    await using plain = await startFloor('plain-read.ts', [served.databaseUrl, String(served.number)])
    rmSync(folder, { recursive: true })
    const compared = await compare(
      [
        {
          server: served.server,
          paths: rows.map(({ id }) => `${fhirPath}/Observation/${id}`),
          token: await served.token(),
        },
        { server: fixed, paths: ['/static'] },
        { server: plain, paths: rows.map(({ key }) => `/read/${key}`) },
      ],
      { connections, rounds: options.rounds, seconds: options.seconds },
    )
    const work = 'read by id with a token'
    const figures = { sides: ['charthouse', 'static', 'Fastify + pg'], measured: compared.sides }
    const note = (side: number) => `${ratesText(compared, side)} at ${connections} connections`
    yield { work, against: 'static route', ratio: compared.ratioTo(1), reach: { atLeast: 0.6 }, note: note(1), figures }
    yield { work, against: 'Fastify + pg', ratio: compared.ratioTo(2), reach: { atLeast: 2.5 }, note: note(2) }
  },
}

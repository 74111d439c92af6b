import { livesOfSize } from '../data/data-sets.ts'
import { fhirPath } from '../data/prepared.ts'
import { removeExport, runExport } from '../exports/export-run.ts'
import { load } from '../measure/load.ts'
import { median } from '../measure/median.ts'
import { openLoop } from '../measure/open-loop.ts'
import type { Row } from '../row.ts'
import { type Served, serve } from '../served.ts'

const shareOfRate = 0.2

/** Reads at a fifth of the rate that was reached alone, without and with exports that follow each other. */
export const readsDuringExport: Row = {
  name: 'reads',
  async *measure(bench) {
    const { options } = bench
    await using served = await serve(bench, livesOfSize(options.size))
    const there = { served, token: await served.token() }
    const patients = await served.ask<{ id: string }>(
      'select id from resource where practice = $1 and key = patient limit 1000',
      [served.number],
    )
    const paths = patients.map(({ id }) => `${fhirPath}/Patient/${id}`)
    const { origin } = served.server
    const alone = await load({ origin, paths, token: there.token, connections: 32, seconds: options.seconds })
    const loop = {
      origin,
      paths,
      token: there.token,
      perSecond: alone.requestsPerSecond * shareOfRate,
      seconds: options.seconds * 2,
    }
    const ratios: number[] = []
    const rates: number[] = []
    const p99s: [number, number][] = []
    for (let round = 0; round <= options.rounds; round++) {
      const without = p99(await openLoop(loop))
      let isOver = false
      const exports = (async () => {
        const ids: string[] = []
        while (!isOver) ids.push((await runExport(there, '$export')).id)
        return ids
      })()
      const [startedAt, before] = [performance.now(), await linesThere(served)]
      const during = p99(await openLoop(loop))
      rates.push(((await linesThere(served)) - before) / ((performance.now() - startedAt) / 1000))
      isOver = true
      for (const id of await exports) await removeExport(there, id)
      if (round === 0) continue
      ratios.push(during / without)
      p99s.push([without, during])
    }
    const [before, during] = [median(p99s.map(([one]) => one)), median(p99s.map(([, other]) => other))]
    const note = `p99 ${during.toFixed(1)} ms to ${before.toFixed(1)} ms at ${Math.round(loop.perSecond)} reads/s; the export made ${Math.round(median(rates)).toLocaleString('en-US')} rows/s meanwhile`
    yield {
      work: 'reads during an export, p99',
      against: 'without it',
      ratio: median(ratios),
      reach: { atMost: 2 },
      note,
    }
  },
}

/** In the files of all exports, of those that run, too. */
async function linesThere(served: Served): Promise<number> {
  const [row] = await served.ask<{ lines: number }>(
    'select coalesce(sum(lines), 0)::float8 as lines from export_file where practice = $1',
    [served.number],
  )
  return row?.lines ?? 0
}

function p99(timesMs: readonly number[]): number {
  return timesMs[Math.floor(timesMs.length * 0.99)] ?? 0
}

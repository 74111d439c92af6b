import type { Bench } from '../bench.ts'
import { observations } from '../data/data-sets.ts'
import { fhirPath } from '../data/prepared.ts'
import { latencies, type Side } from '../measure/compare.ts'
import { againstReplay } from '../replayed.ts'
import type { Line, Row } from '../row.ts'
import { type Served, serve } from '../served.ts'

const patients = 200

export const patientSearch: Row = {
  name: 'patient-search',
  async *measure(bench) {
    await using served = await serve(bench, observations(bench.options.size))
    yield* againstReplay(bench, served, {
      work: 'Observation?patient&category&date=ge, page of 20',
      paths: await pathsOf(served),
      token: await served.token(),
      reach: 0.7,
    })
    yield await atTenfold(bench, served)
  },
}

/** A size of millions is held against its tenth, any other against its tenfold. */
async function atTenfold(bench: Bench, served: Served): Promise<Line> {
  const { size } = bench.options
  const otherSize = size >= 1_000_000 ? size / 10 : size * 10
  await using other = await serve(bench, observations(otherSize))
  const [small, large] = size < otherSize ? [served, other] : [other, served]
  const sides = [await sideOf(small), await sideOf(large)]
  const [smallMs = Number.NaN, largeMs = Number.NaN] = await latencies(sides, bench.options)
  const sizes = [Math.min(size, otherSize), Math.max(size, otherSize)].map((one) => one.toLocaleString('en-US'))
  return {
    work: `the same, p50 at one connection, ${sizes[1]} resources`,
    against: `${sizes[0]} resources`,
    ratio: largeMs / smallMs,
    reach: { atMost: 1.25 },
    note: `${largeMs.toFixed(2)} ms to ${smallMs.toFixed(2)} ms, median of ${bench.options.rounds}`,
  }
}

async function sideOf(served: Served): Promise<Side> {
  return { server: served.server, paths: await pathsOf(served), token: await served.token() }
}

async function pathsOf({ ask, number }: Served): Promise<string[]> {
  const rows = await ask<{ id: string }>(
    `select id from resource where practice = $1 and id ~ '^o[0-9]+$' order by md5(id) limit ${patients}`,
    [number],
  )
  return rows.map(({ id }) => `${fhirPath}/Observation?patient=${id}&category=laboratory&date=ge2020-01-01&_count=20`)
}

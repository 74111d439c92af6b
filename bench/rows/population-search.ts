import type { Bench } from '../bench.ts'
import { livesOfSize, observations } from '../data/data-sets.ts'
import { fhirPath } from '../data/prepared.ts'
import { latencies } from '../measure/compare.ts'
import { againstReplay } from '../replayed.ts'
import type { Line, Row } from '../row.ts'
import { type Served, serve } from '../served.ts'

const pageSize = 20

export const populationSearch: Row = {
  name: 'population-search',
  async *measure(bench) {
    yield* byCode(bench)
    await using served = await serve(bench, livesOfSize(bench.options.size))
    const token = await served.token()
    const names = await namePrefixes(served)
    yield* againstReplay(bench, served, {
      ...{ work: 'Patient?name', token, reach: 0.6 },
      paths: names.map((name) => `${fhirPath}/Patient?name=${encodeURIComponent(name)}&_count=${pageSize}`),
    })
    const ids = await served.ask<{ id: string }>(
      `select id from resource where practice = $1 and id ~ '^p[0-9]+$' order by md5(id) limit 200`,
      [served.number],
    )
    yield* againstReplay(bench, served, {
      ...{ work: 'Encounter?patient&_revinclude=Provenance:target', token, reach: 0.6 },
      paths: ids.map(
        ({ id }) => `${fhirPath}/Encounter?patient=${id}&_revinclude=Provenance:target&_count=${pageSize}`,
      ),
    })
  },
}

async function* byCode(bench: Bench): AsyncGenerator<Line> {
  const { size } = bench.options
  await using served = await serve(bench, observations(size))
  const token = await served.token()
  const deep = size >= 200_000 ? 1000 : Math.max(2, Math.floor(size / 1000))
  const codes = await codesWith(served, deep * pageSize + 1)
  const first = codes.map((code) => `${fhirPath}/Observation?code=${code}&_sort=-date&_count=${pageSize}`)
  const work = 'Observation?code&_sort=-date, page of 20'
  yield* againstReplay(bench, served, { work: `${work}, first page`, paths: first, token, reach: 0.6 })
  const later: string[] = []
  for (const path of first) later.push(await pageOf(served.server.origin, path, token, deep))
  yield* againstReplay(bench, served, { work: `${work}, page ${deep}`, paths: later, token, reach: 0.6 })
  const { server } = served
  const [firstMs = Number.NaN, laterMs = Number.NaN] = await latencies(
    [
      { server, paths: first, token },
      { server, paths: later, token },
    ],
    bench.options,
  )
  yield {
    work: `${work}, page ${deep}`,
    against: 'its first page',
    ratio: laterMs / firstMs,
    reach: { atMost: 1.5 },
    note: `p50 at one connection ${laterMs.toFixed(2)} ms to ${firstMs.toFixed(2)} ms, ${codes.length} codes`,
  }
}

/** The commonest codes that at least so many Observations have. */
async function codesWith({ ask, number }: Served, atLeast: number): Promise<string[]> {
  const rows = await ask<{ code: string }>(
    `select code from (
       select substring(body from '"code":\\{"coding":\\[\\{"system":"http://loinc.org","code":"([^"]+)"') as code
       from resource where practice = $1 and id ~ '^o[0-9]+-'
     ) observation group by code having count(*) >= $2 order by count(*) desc limit 5`,
    [number, atLeast],
  )
  return rows.map(({ code }) => code)
}

/** Path of a later page, by following the links as a client does. */
async function pageOf(origin: string, first: string, token: string, page: number): Promise<string> {
  let path = first
  for (let at = 1; at < page; at++) {
    const response = await fetch(origin + path, { headers: { authorization: `Bearer ${token}` } })
    const { link } = (await response.json()) as { link: { relation: string; url: string }[] }
    const next = link.find(({ relation }) => relation === 'next')
    if (!next) throw new Error(`${first} ends at page ${at}, before page ${page}`)
    const { pathname, search } = new URL(next.url)
    path = pathname + search
  }
  return path
}

/** Three letters of family names that occur. */
async function namePrefixes({ ask, number }: Served): Promise<string[]> {
  const rows = await ask<{ prefix: string }>(
    `select distinct lower(substring(body from '"family":"([^"]{3})')) as prefix
     from resource where practice = $1 and id ~ '^p[0-9]+$' order by prefix limit 100`,
    [number],
  )
  return rows.flatMap(({ prefix }) => prefix ?? [])
}

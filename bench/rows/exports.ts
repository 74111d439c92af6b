import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench } from '../bench.ts'
import { attachments, livesOfSize } from '../data/data-sets.ts'
import { copyFloor } from '../exports/copy-floor.ts'
import { download } from '../exports/download.ts'
import { type Asking, type Exported, manifestOf, removeExport, runExport } from '../exports/export-run.ts'
import { mostMemoryMb } from '../exports/memory.ts'
import { median } from '../measure/median.ts'
import type { Line, Row } from '../row.ts'
import { type Served, serve } from '../served.ts'

const against = 'binary COPY of the same rows through Node to one file'
const rate = ({ rows, seconds }: { readonly rows: number; readonly seconds: number }) => rows / seconds

interface Exporting extends Asking {
  readonly bench: Bench
  readonly folder: string
}

async function exporting(bench: Bench, served: Served): Promise<Exporting> {
  return { bench, served, token: await served.token(), folder: mkdtempSync(join(bench.dataDir, 'copied-')) }
}

/** Files until they lie complete, and until the last byte is there, each held against the floor of its round. */
export const systemExport: Row = {
  name: 'system',
  async *measure(bench) {
    await using served = await serve(bench, livesOfSize(bench.options.size))
    const there = await exporting(bench, served)
    const [files, whole, rates, floors]: number[][] = [[], [], [], []]
    let last: Exported | undefined
    for (let round = 0; round <= bench.options.rounds; round++) {
      const floor = await copyFloor(served.databaseUrl, served.number, there.folder)
      last = await runExport(there, '$export')
      const bytes = await download(there, await manifestOf(there, last.id))
      const wholeSeconds = (performance.now() - last.startMs) / 1000
      await removeExport(there, last.id)
      if (last.rows !== floor.rows || bytes < last.bytes)
        throw new Error(`${last.rows} of ${floor.rows} rows were exported, ${bytes} of ${last.bytes} bytes loaded`)
      if (round === 0) continue // what has just started is compiled in it
      files?.push(rate(last) / rate(floor))
      whole?.push(last.rows / wholeSeconds / rate(floor))
      rates?.push(rate(last))
      floors?.push(rate(floor))
    }
    rmSync(there.folder, { recursive: true })
    const note = `${perSecond(rates)} to ${perSecond(floors)} rows, ${last?.rows} rows in ${last?.files} files`
    yield { work: 'system export, files complete', against, ratio: median(files ?? []), reach: { atLeast: 0.7 }, note }
    yield {
      work: 'system export, until the last byte over 4 connections',
      against,
      ratio: median(whole ?? []),
      reach: { atLeast: 0.4 },
      note,
    }
    yield memoryLine(served)
  },
}

function perSecond(rates: readonly number[] = []): string {
  return `${Math.round(median(rates)).toLocaleString('en-US')}/s`
}

function memoryLine({ server }: Served): Line {
  const memory = mostMemoryMb(server.pid)
  return {
    work: 'memory of server and worker (VmHWM, MB)',
    against: '1 MB',
    ...(memory !== undefined && { ratio: memory }),
    reach: { atMost: 350 },
    note: 'all processes of serve together',
  }
}

/** Memory with large rows: as many more of them must not matter. */
export const attachmentExport: Row = {
  name: 'attachments',
  async *measure(bench) {
    const counts = bench.options.isSmall ? [2, 10] : [100, 1000]
    const memories: number[] = []
    for (const count of counts) {
      await using served = await serve(bench, attachments(count))
      const there = await exporting(bench, served)
      const one = await runExport(there, '$export')
      await download(there, await manifestOf(there, one.id))
      await removeExport(there, one.id)
      rmSync(there.folder, { recursive: true })
      memories.push(mostMemoryMb(served.server.pid) ?? Number.NaN)
    }
    const [few = 0, many = 0] = memories
    const work = `memory (VmHWM) of server and worker, ${counts[1]} attachments of 5 MB`
    yield { work, against: '1 MB', ratio: many, reach: { atMost: 350 }, note: `${few.toFixed(0)} MB with ${counts[0]}` }
    yield { work, against: `with ${counts[0]}`, ratio: many / few, reach: { atMost: 1.15 }, note: 'flat' }
  },
}

/** Patient, a group of a tenth, and the last tenth by `_since`, a row held against a row of a system export of the same round. */
export const cohortExports: Row = {
  name: 'cohorts',
  async *measure(bench) {
    await using served = await serve(bench, livesOfSize(bench.options.size))
    const there = await exporting(bench, served)
    const since = await stampAt(served, 0.9)
    const works = [
      ['Patient export', 'Patient/$export'],
      ['Group export, 10 % of the patients', `Group/${await tenthOf(served)}/$export`],
      ['system export, _since of the last 10 %', `$export?_since=${since}`],
    ] as const
    const ratios = works.map((): number[] => [])
    const runs: (Exported | undefined)[] = []
    for (let round = 0; round <= bench.options.rounds; round++) {
      const whole = await runExport(there, '$export')
      await removeExport(there, whole.id)
      for (const [i, [, path]] of works.entries()) {
        const one = await runExport(there, path)
        await removeExport(there, one.id)
        runs[i] = one
        if (round > 0) ratios[i]?.push(rate(one) / rate(whole))
      }
    }
    rmSync(there.folder, { recursive: true })
    for (const [i, [work]] of works.entries()) {
      const { rows = 0, seconds = 0 } = runs[i] ?? {}
      const note = `${rows.toLocaleString('en-US')} rows in ${seconds.toFixed(2)} s`
      yield { work, against: 'system export per row', ratio: median(ratios[i] ?? []), reach: { atLeast: 0.5 }, note }
    }
  },
}

async function stampAt(served: Served, part: number): Promise<string> {
  const [row] = await served.ask<{ since: string }>(
    `select to_char(to_timestamp(percentile_disc($2) within group (order by upd) / 1000000.0) at time zone 'UTC',
       'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as since from resource where practice = $1`,
    [served.number, part],
  )
  return row?.since ?? ''
}

async function tenthOf(served: Served): Promise<string> {
  const rows = await served.ask<{ id: string }>(
    `select id from resource where practice = $1 and key = patient order by md5(id)
     limit (select greatest(1, count(*) / 10) from resource where practice = $1 and key = patient)`,
    [served.number],
  )
  const id = 'bench-tenth'
  const member = rows.map((row) => ({ entity: { reference: `Patient/${row.id}` } }))
  await served.write([{ resourceType: 'Group', id, type: 'person', actual: true, member }])
  return id
}

export const tenfoldExport: Row = {
  name: 'tenfold',
  async *measure(bench) {
    const { size, rounds } = bench.options
    const seconds: number[] = []
    for (const each of [size / 10, size]) {
      await using served = await serve(bench, livesOfSize(each))
      const there = await exporting(bench, served)
      const times: number[] = []
      for (let round = 0; round <= rounds; round++) {
        const one = await runExport(there, '$export')
        await removeExport(there, one.id)
        if (round > 0) times.push(one.seconds)
      }
      rmSync(there.folder, { recursive: true })
      seconds.push(median(times))
    }
    const [small = 0, large = 0] = seconds
    const note = `${large.toFixed(2)} s over ${small.toFixed(2)} s`
    yield {
      work: 'system export, ten times the data',
      against: 'its time',
      ratio: large / small,
      reach: { atMost: 11 },
      note,
    }
  },
}

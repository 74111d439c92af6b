import type { Bench } from '../bench.ts'
import { type DataSet, livesOfSize, observations } from '../data/data-sets.ts'
import { copySeconds, filledTables } from '../data/floor-tables.ts'
import { importInto, ndjsonOf } from '../data/prepared.ts'
import type { Imported } from '../data/run-import.ts'
import { median } from '../measure/median.ts'
import type { Line, Row } from '../row.ts'

const database = 'bench_import'
const mostMemoryMb = 350

export const importNdjson: Row = {
  name: 'import',
  async *measure(bench) {
    const { size } = bench.options
    yield* importOf(bench, observations(size), 'Observations')
    yield* importOf(bench, livesOfSize(size), 'life histories')
  },
}

async function* importOf(bench: Bench, dataSet: DataSet, about: string): AsyncGenerator<Line> {
  const { size, isSmall, isProfiled } = bench.options
  const source = await ndjsonOf(bench, dataSet)
  const rounds: { imported: Imported; floorSeconds: number }[] = []
  for (let round = 0; round < (isSmall || size > 1_000_000 ? 1 : 3); round++) {
    bench.say(`Importing ${dataSet.name} …`)
    const imported = await importInto(bench, database, [source], { isProfiled })
    const client = await bench.cluster.connect(database)
    rounds.push({ imported, floorSeconds: await copySeconds(client, await filledTables(client), bench.dataDir) })
    await client.end()
  }
  await bench.cluster.drop(database)
  const [
    {
      imported: { resources },
    } = { imported: { resources: 0 } },
  ] = rounds
  const rate = (seconds: number) => `${Math.round(resources / seconds).toLocaleString('en-US')}/s`
  const ours = median(rounds.map(({ imported }) => imported.seconds))
  const floor = median(rounds.map(({ floorSeconds }) => floorSeconds))
  const work = `import of ${resources.toLocaleString('en-US')} ${about}`
  yield {
    work,
    against: 'COPY of the same rows',
    ratio: median(rounds.map(({ imported, floorSeconds }) => floorSeconds / imported.seconds)),
    reach: { atLeast: 0.5 },
    note: `${rate(ours)} of ${rate(floor)}`,
    figures: { rounds },
  }
  yield memoryLine(work, Math.max(...rounds.map(({ imported }) => imported.mostMemoryMb ?? Number.NaN)))
}

function memoryLine(work: string, memoryMb: number): Line {
  const line = { work: `${work}, memory`, against: `${mostMemoryMb} MB` }
  if (Number.isNaN(memoryMb)) return { ...line, note: 'needs /proc, which this machine does not have' }
  return { ...line, ratio: memoryMb / mostMemoryMb, reach: { atMost: 1 }, note: `${Math.round(memoryMb)} MB (VmHWM)` }
}

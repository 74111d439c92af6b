import { importInto } from '../data/prepared.ts'
import { bundleFolder, hasBundles } from '../data/synthea-bundles.ts'
import { unnestSeconds } from '../data/unnest.ts'
import { median } from '../measure/median.ts'
import type { Row } from '../row.ts'

const database = 'bench_bundles'
const mostCopies = 25
/** Resources that the archive's patients have together, roughly. */
const resourcesOfPatients = 10_000

export const importBundles: Row = {
  name: 'bundles',
  async *measure(bench) {
    const work = "Synthea patients' transaction Bundles, imported"
    const line = { work, against: 'one unnest statement a table', reach: { atLeast: 0.4 } }
    if (!hasBundles) {
      bench.say('SKIPPED: row "bundles" needs ../shared/data/synthea')
      yield { ...line, note: 'skipped: needs ../shared/data/synthea' }
      return
    }
    const { size, isSmall, isProfiled } = bench.options
    const copies = isSmall ? 1 : Math.min(mostCopies, Math.max(1, Math.round(size / resourcesOfPatients)))
    const folder = await bundleFolder(bench, copies)
    const rounds: { ours: number; floor: number; resources: number; transactions: number }[] = []
    for (let round = 0; round < (isSmall ? 1 : 3); round++) {
      bench.say(`Importing ${copies} times the patients' Bundles …`)
      // One Bundle's conditional references match several: it is rightly refused.
      const imported = await importInto(bench, database, [folder], { isProfiled, mayRefuse: true })
      const client = await bench.cluster.connect(database)
      const { seconds, transactions } = await unnestSeconds(client)
      await client.end()
      rounds.push({ ours: imported.seconds, floor: seconds, resources: imported.resources, transactions })
    }
    await bench.cluster.drop(database)
    const [{ resources, transactions } = { resources: 0, transactions: 0 }] = rounds
    const rate = (seconds: number) => `${Math.round(resources / seconds).toLocaleString('en-US')}/s`
    const [ours, floor] = [median(rounds.map((one) => one.ours)), median(rounds.map((one) => one.floor))]
    yield {
      ...line,
      ratio: median(rounds.map((one) => one.floor / one.ours)),
      note: `${rate(ours)} of ${rate(floor)}; ${resources.toLocaleString('en-US')} resources in ${transactions} transactions`,
      figures: { rounds },
    }
  },
}

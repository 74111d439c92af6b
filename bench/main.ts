/** `npm run bench`: prints ratios, ours against a floor that is measured in the same run. docs/benchmarks.md tells more. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Problem } from '#lib'
import { openCluster } from './data/cluster.ts'
import { help, type Options, readOptions } from './options.ts'
import { isReached, type Line } from './row.ts'
import { suites } from './rows.ts'
import { tableText } from './table-text.ts'

const results = new URL('./results/', import.meta.url)

async function main(options: Options) {
  const rows = suites[options.suite]
  const chosen = rows.filter(({ name }) => options.only.length === 0 || options.only.includes(name))
  if (chosen.length === 0)
    throw new Problem('incorrect', `--only takes one of ${rows.map(({ name }) => name).join(', ')}`)
  await using cluster = await openCluster(options.dataDir)
  const say = (sentence: string) => void process.stderr.write(`${sentence}\n`)
  const lines: (Line & { readonly row: string })[] = []
  for (const row of chosen) {
    try {
      for await (const line of row.measure({ options, cluster, dataDir: options.dataDir, say })) {
        lines.push({ row: row.name, ...line })
        say(`${line.work}: ${line.ratio?.toFixed(2) ?? '–'} of ${line.against}`)
      }
    } catch (error) {
      // The other rows' hours are not lost.
      say(`Row "${row.name}" failed: ${error instanceof Error ? error.stack : error}`)
      lines.push({ row: row.name, work: 'failed', against: '', note: String(error).split('\n', 1)[0] ?? '' })
      process.exitCode = 1
    }
  }
  process.stdout.write(`${tableText(lines)}\nAll figures: ${write(options, lines)}\n`)
}

function write(options: Options, lines: readonly (Line & { readonly row: string })[]): string {
  mkdirSync(results, { recursive: true })
  const file = new URL(`${new Date().toISOString().replace(/[:.]/g, '-')}.json`, results)
  const machine = {
    processors: availableParallelism(),
    model: cpus()[0]?.model,
    memoryBytes: totalmem(),
    node: process.version,
  }
  const told = lines.map((line) => ({ ...line, isReached: isReached(line) }))
  writeFileSync(file, `${JSON.stringify({ machine, options, lines: told }, undefined, 2)}\n`)
  return fileURLToPath(file)
}

try {
  const options = readOptions(process.argv.slice(2))
  if (options === 'help') process.stdout.write(help)
  else await main(options)
} catch (error) {
  if (!(error instanceof Problem)) throw error
  process.stderr.write(`${error.message}\n${help}`)
  process.exitCode = 2
}

import { Problem } from '#lib'
import { faultsFile, type Importing, importFrom, loaded, type Summary } from '#load'
import { importProgress, numeral, type Screen } from './import-progress.ts'

export interface ImportCommand {
  /** Files, folders, archives; `-` is standard input. */
  readonly sources: readonly string[]
  readonly practice: string
  /** Prints the counts of each resource type too. */
  readonly byType?: boolean
}

export interface ImportContext extends Pick<Importing, 'write' | 'resolve' | 'validate' | 'stdin' | 'temporaryFolder'> {
  readonly stdout: { write(text: string): unknown }
  readonly stderr: Screen
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  /** Where the errors file goes; the current folder by default. */
  readonly folder?: string
}

/** `charthouse import`: answers the exit status, 0 when all was loaded, 1 when not, 2 when it can't begin. */
export async function runImport(command: ImportCommand, context: ImportContext): Promise<0 | 1 | 2> {
  const { sources, practice, byType } = command
  const { stdout, stderr } = context
  const [source] = sources
  if (source === undefined) {
    stderr.write('Nothing to import: name files, folders, archives or - for standard input\n')
    return 2
  }
  await using faults = faultsFile(source, context.folder)
  const progress = importProgress(stderr)
  const start = performance.now()
  const say = (line: string) => {
    progress.clear()
    stderr.write(`${line}\n`)
  }
  try {
    const summary = await importFrom(sources, {
      ...context,
      fault: faults.add,
      skipped: (name, reason) => say(`Skipped ${name}: ${reason}`),
      progress: progress.update,
    })
    progress.clear()
    stdout.write(
      summaryText(summary, { practice, seconds: (performance.now() - start) / 1000, byType: byType ?? false }),
    )
    if (summary.isInterrupted)
      stderr.write('Stopped. What is counted above is stored; the same command goes on from there\n')
    if (faults.path) stderr.write(`What could not be loaded stands, with file, line and reason, in ${faults.path}\n`)
    return summary.counts.failed > 0 || summary.isInterrupted ? 1 : 0
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    say(error.message)
    return error.kind === 'incorrect' ? 2 : 1
  }
}

interface Told {
  readonly practice: string
  readonly seconds: number
  readonly byType: boolean
}

function summaryText(summary: Summary, { practice, seconds, byType }: Told): string {
  const { counts, passedOver } = summary
  const count = loaded(counts)
  const what = `${numeral(count)} ${count === 1 ? 'resource' : 'resources'}`
  const rate = numeral(count / Math.max(seconds, 0.001))
  const lines = [`Loaded ${what} into ${practice} in ${seconds.toFixed(1)} s (${rate}/s): ${countsText(counts)}`]
  if (passedOver > 0) lines.push(`${numeral(passedOver)} older versions in the input gave way to newer ones there`)
  if (byType) {
    for (const [type, one] of [...summary.byType].sort(([a], [b]) => a.localeCompare(b))) {
      lines.push(`  ${type === '' ? '(not read)' : type}: ${countsText(one)}`)
    }
  }
  return `${lines.join('\n')}\n`
}

function countsText(counts: Summary['counts']): string {
  const parts = Object.entries(counts).filter(([name, count]) => count > 0 || name === 'created')
  return parts.map(([name, count]) => `${numeral(count)} ${name}`).join(', ')
}

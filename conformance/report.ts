import { countsOf, isMissed, type Outcome } from './outcome.ts'
import type { Run } from './results.ts'

const mostCharacters = 300

/** A line for each run, then the tests that did not pass, required ones first. */
export function report(runs: readonly Run[]): string {
  return [tableOf(runs), ...runs.map(missedOf).filter((text) => text !== '')].join('\n\n')
}

const heads = ['suite', 'data', 'validator', 'commit', 'required: passed', 'failed', 'skipped', 'omitted']
const optionalHeads = ['optional: passed', 'failed', 'skipped', 'omitted', 'seconds']

export function tableOf(runs: readonly Run[]): string {
  const rows = runs.map((run) => [
    run.suite,
    run.only.length > 0 ? `${run.data} (${run.only.join(' ')})` : run.data,
    run.validator,
    run.commit,
    ...countCells(run, false),
    ...countCells(run, true),
    String(run.seconds),
  ])
  const all = [[...heads, ...optionalHeads], ...rows]
  const widths = all.reduce<number[]>((most, row) => row.map((cell, at) => Math.max(cell.length, most[at] ?? 0)), [])
  return all
    .map((row) =>
      row.map((cell, at) => (at < 4 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '),
    )
    .join('\n')
}

function countCells({ outcomes }: Run, isOptional: boolean): string[] {
  const { passed, failed, skipped, omitted } = countsOf(outcomes, isOptional)
  return [passed, failed, skipped, omitted].map(String)
}

function missedOf(run: Run): string {
  const missed = run.outcomes.filter(isMissed)
  if (missed.length === 0) return ''
  const inOrder = [...missed.filter((each) => !each.isOptional), ...missed.filter((each) => each.isOptional)]
  return [`${run.suite} on ${run.data}: tests that did not pass`, ...inOrder.map(linesOf)].join('\n')
}

function linesOf({ id, shortId, title, isOptional, result, message, errors }: Outcome): string {
  const name = [shortId, id.split('-').at(-1), title && `"${title}"`].filter(Boolean).join(' ')
  const found = [message, ...errors].map((text) => text.replaceAll(/\s+/g, ' ').slice(0, mostCharacters))
  const [first = '', second] = found.filter((text) => text !== '')
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  return [
    `  ${isOptional ? 'optional' : 'required'} ${result}: ${name}`,
    `    ${first}`,
    ...(second === undefined ? [] : [`    ${second}${more}`]),
  ].join('\n')
}

import { isReached, type Line } from './row.ts'

const words = { true: 'yes', false: 'NO', undefined: '' }

/** Lines of a Markdown table. */
export function tableText(lines: readonly (Line & { readonly row: string })[]): string {
  const cells = lines.map((line) => [
    line.row,
    line.work,
    line.against,
    line.ratio === undefined ? '–' : line.ratio.toFixed(2),
    reachText(line),
    words[`${isReached(line)}`],
    line.note,
  ])
  const head = ['row', 'work', 'against', 'ratio', 'reach', 'reached', 'note']
  return [head, head.map(() => '---'), ...cells].map((line) => `| ${line.join(' | ')} |\n`).join('')
}

function reachText({ reach }: Line): string {
  if (!reach) return ''
  return 'atLeast' in reach ? `≥ ${reach.atLeast}` : `≤ ${reach.atMost}`
}

/** `node bench/top-costs.ts FILE.cpuprofile…`: where a process of ours spent its time, by function. */
import { readFileSync } from 'node:fs'

interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: Frame }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

interface Frame {
  readonly functionName: string
  readonly url: string
  readonly lineNumber: number
}

const most = 30
const notWork = new Set(['(idle)', '(program)', '(root)'])

export function topCosts({ nodes, samples, timeDeltas }: Profile): string[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const costs = new Map<string, number>()
  let whole = 0
  const starting = samples.length / 4
  samples.forEach((id, i) => {
    if (i < starting) return // modules are read and compiled
    const frame = frames.get(id)
    if (!frame || notWork.has(frame.functionName)) return
    const micros = timeDeltas[i] ?? 0
    whole += micros
    costs.set(placeOf(frame), (costs.get(placeOf(frame)) ?? 0) + micros)
  })
  const sorted = [...costs].sort(([, one], [, other]) => other - one).slice(0, most)
  return sorted.map(([place, micros]) => `${((100 * micros) / whole).toFixed(1).padStart(5)} %  ${place}`)
}

function placeOf({ functionName, url, lineNumber }: Frame): string {
  const file = url.replace(/^file:\/\//, '').replace(process.cwd(), '.')
  return `${functionName || '(anonymous)'} ${file}${lineNumber >= 0 ? `:${lineNumber + 1}` : ''}`
}

if (import.meta.main) {
  for (const file of process.argv.slice(2)) {
    const costs = topCosts(JSON.parse(readFileSync(file, 'utf8')) as Profile)
    process.stdout.write(`${file}\n${costs.join('\n')}\n\n`)
  }
}

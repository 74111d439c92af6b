import { readFileSync } from 'node:fs'

const ticksPerSecond = 100

/** Processor seconds that a process and those that it started have used; undefined where /proc tells nothing. */
export function processorSeconds(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const own = (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
    const started = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
    return started.reduce((sum, child) => sum + (processorSeconds(Number(child)) ?? 0), own)
  } catch {
    return undefined
  }
}

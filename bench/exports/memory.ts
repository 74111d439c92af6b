import { readFileSync } from 'node:fs'

/** The most memory (MB) that a process and those that it started had; undefined where /proc tells nothing. */
export function mostMemoryMb(pid: number): number | undefined {
  try {
    const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    const started = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
    return started.reduce((sum, child) => sum + (mostMemoryMb(Number(child)) ?? 0), Number(kilobytes) / 1024)
  } catch {
    return undefined
  }
}

import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../bin/charthouse.js', import.meta.url))
const profiles = fileURLToPath(new URL('../results/profiles/', import.meta.url))

/** How a process of ours is started; its processor profile comes when it ends. */
export function commandLine(args: readonly string[], isProfiled: boolean): [program: string, args: string[]] {
  const profiling = isProfiled ? ['--cpu-prof', `--cpu-prof-dir=${profiles}`, `--cpu-prof-name=${nameOf(args)}`] : []
  return [process.execPath, [...profiling, main, ...args]]
}

let made = 0

function nameOf([command = '']: readonly string[]): string {
  return `${String(++made).padStart(2, '0')}-${command}.cpuprofile`
}

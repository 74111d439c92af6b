/** `charthouse import` as a process of its own, with the most memory that it took. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { commandLine } from '../servers/command-line.ts'

export interface Importing {
  readonly sources: readonly string[]
  readonly practice: string
  readonly databaseUrl: string
  /** Where the errors file goes. */
  readonly folder: string
  readonly isProfiled?: boolean
  /** What could not be loaded is no failure of the benchmark. */
  readonly mayRefuse?: boolean
}

export interface Imported {
  readonly resources: number
  /** By the command's own clock: from the first look at the input until all is stored. */
  readonly seconds: number
  /** From start to end of the process. */
  readonly wholeSeconds: number
  /** VmHWM; undefined where /proc tells nothing. */
  readonly mostMemoryMb: number | undefined
  readonly said: string
}

export async function runImport(importing: Importing): Promise<Imported> {
  const { sources, practice, databaseUrl, folder } = importing
  const start = performance.now()
  const [program, args] = commandLine(['import', ...sources, '--practice', practice], importing.isProfiled ?? false)
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  const ended = new AbortController()
  const memory = watchMemory(child.pid ?? 0, ended.signal)
  const [said, complaints, [status]] = await Promise.all([text(child.stdout), text(child.stderr), exited])
  const wholeSeconds = (performance.now() - start) / 1000
  ended.abort()
  const [, resources, rate] = /^Loaded ([\d,]+) resources into .* s \(([\d,]+)\/s\)/.exec(said) ?? []
  if (rate === undefined || (status !== 0 && !importing.mayRefuse)) {
    throw new Error(`charthouse import ended with ${status}: ${said}${complaints}`)
  }
  const count = numberOf(resources)
  return { resources: count, seconds: count / numberOf(rate), wholeSeconds, mostMemoryMb: await memory, said }
}

async function watchMemory(pid: number, ended: AbortSignal): Promise<number | undefined> {
  let most: number | undefined
  while (!ended.aborted) {
    most = memoryMb(pid) ?? most
    await sleep(50)
  }
  return most
}

function memoryMb(pid: number): number | undefined {
  try {
    const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024
  } catch {
    return undefined // it has ended, or this is not Linux
  }
}

const numberOf = (text = '') => Number(text.replaceAll(',', ''))

/** The command line as people run it: a process of its own, with a data folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const command = new URL('../../bin/charthouse.js', import.meta.url).pathname

export interface Finished {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

export type Environment = Readonly<Record<string, string>>

/** Runs a command to its end. */
export async function charthouse(args: readonly string[], environment: Environment, input = ''): Promise<Finished> {
  const child = start(args, environment)
  child.process.stdin?.end(input)
  return child.finished
}

export interface Started {
  readonly process: ChildProcess
  readonly finished: Promise<Finished>
  /** Resolves when standard error has this text; rejects when the process ends before. */
  says(text: string): Promise<void>
}

export function start(args: readonly string[], environment: Environment): Started {
  const child = spawn(process.execPath, [command, ...args], { env: { ...process.env, ...environment }, cwd: tmpdir() })
  let out = ''
  let err = ''
  const listeners = new Set<() => void>()
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
    for (const listener of listeners) listener()
  })
  const finished = new Promise<Finished>((resolve) => child.on('close', (status) => resolve({ status, out, err })))
  return {
    process: child,
    finished,
    says: (text) =>
      new Promise((resolve, reject) => {
        const look = () => err.includes(text) && resolve()
        listeners.add(look)
        look()
        void finished.then(() => reject(new Error(`it ended without saying "${text}": ${err}`)))
      }),
  }
}

export interface Folder extends AsyncDisposable {
  readonly path: string
}

export async function folder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'charthouse-cli-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** A port that is free, and none of those that systems give to whoever asks for any: nobody gets it by chance meanwhile. */
export async function freePort(): Promise<number> {
  const port = randomInt(10_000, 32_768)
  const server = createServer()
  const isFree = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false)).listen(port, () => resolve(true))
  })
  if (!isFree) return freePort()
  await new Promise((resolve) => server.close(resolve))
  return port
}

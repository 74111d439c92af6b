/** Servers as processes of their own: charthouse as `npm start` runs it, and the floors beside this file. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Bench } from '../bench.ts'
import { filesOf } from '../data/files-of.ts'
import { commandLine } from './command-line.ts'

export interface RunningServer extends AsyncDisposable {
  readonly origin: string
  readonly pid: number
}

/** What all answers' links begin with, wherever the server listens. */
export const baseUrl = 'http://charthouse.test'

/** The floor `file` beside this one; it prints its port when it listens. */
export async function startFloor(file: string, args: readonly string[]): Promise<RunningServer> {
  const script = fileURLToPath(new URL(file, import.meta.url))
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const port of createInterface(child.stdout)) return running(child, Number(port))
  throw new Error(`${file} ended before it listened`)
}

/** On a database of the benchmarks. */
export async function startCharthouse({ cluster, dataDir, options }: Bench, database: string): Promise<RunningServer> {
  const port = await freePort()
  const [program, args] = commandLine(['serve'], options.isProfiled)
  // The log is written as in production, and goes nowhere.
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      DATABASE_URL: cluster.urlOf(database),
      FILES_DIR: filesOf(dataDir, database),
      PORT: String(port),
      HOST: '127.0.0.1',
      BASE_URL: baseUrl,
      LOG: 'on',
    },
  })
  let complaints = ''
  child.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString()
  })
  const server = running(child, port)
  for (let tries = 0; tries < 600 && child.exitCode === null; tries++) {
    if (await answers(`${server.origin}/healthz`)) return server
    await sleep(50)
  }
  throw new Error(`charthouse serve does not answer: ${complaints}`)
}

function running(child: ChildProcess, port: number): RunningServer {
  return {
    origin: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    },
  }
}

function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  )
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}

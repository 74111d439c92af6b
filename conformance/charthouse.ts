/** The product as its users run it: a server process of its own, and commands that share its settings. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const bin = fileURLToPath(new URL('../bin/charthouse.js', import.meta.url))
const mostOutputBytes = 64 << 20
const startSeconds = 120

export interface Charthouse extends AsyncDisposable {
  readonly url: string
  /** Says so when the server has ended meanwhile: every result since then would be a refused connection. */
  checkServes(): void
  /** Runs a command to its end and gives what it printed. */
  run(...args: readonly string[]): Promise<string>
  /** The same for a command that reads its standard input. */
  tell(input: string, ...args: readonly string[]): Promise<string>
}

/** Starts a server on a free port; without a folder its database lives in a new one that goes with it. */
export async function startCharthouse(dataDir: string | undefined): Promise<Charthouse> {
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'charthouse-conformance-')))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = {
    ...process.env,
    ...{ PORT: String(port), BASE_URL: url, DATA_DIR: folder, SANDBOX: 'off', LOG: 'off' },
    DEVELOPMENT: 'true', // the kit's own addresses are http
  }
  const server = spawn(process.execPath, [bin, 'serve'], { env, stdio: ['ignore', 'inherit', 'inherit'] })
  await untilReady(server, `${url}/readyz`)
  return {
    url,
    checkServes() {
      const { exitCode, signalCode } = server
      if (exitCode === null && signalCode === null) return
      throw new Error(`charthouse ended during the run with ${signalCode ?? `status ${exitCode}`}`)
    },
    run: (...args) => command(env, '', args),
    tell: (input, ...args) => command(env, input, args),
    async [Symbol.asyncDispose]() {
      if (server.exitCode === null && server.signalCode === null) {
        server.kill('SIGTERM')
        await once(server, 'exit')
      }
      if (dataDir === undefined) await rm(folder, { recursive: true, force: true })
    },
  }
}

async function command(env: NodeJS.ProcessEnv, input: string, args: readonly string[]): Promise<string> {
  const running = promisify(execFile)(process.execPath, [bin, ...args], { env, maxBuffer: mostOutputBytes })
  running.child.stdin?.end(input)
  return (await running).stdout.trim()
}

async function untilReady(server: ChildProcess, url: string) {
  for (let second = 0; second < startSeconds * 2; second++) {
    if (server.exitCode !== null) throw new Error(`charthouse ended at its start with status ${server.exitCode}`)
    const isReady = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady) return
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  server.kill('SIGTERM')
  throw new Error(`charthouse did not answer at ${url} within ${startSeconds} s`)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new TypeError('A listening server has a port')
  return address.port
}

/** An installation of processes of its own, with the embedded PostgreSQL and the practice "north", to be killed and started again. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { charthouse, type Environment, folder, freePort, type Started, start } from '../../cli/command.ts'

export interface OwnInstallation extends AsyncDisposable {
  /** Its folder. */
  readonly path: string
  readonly environment: Environment
  /** Runs a command to its end; what it prints. */
  done(...args: string[]): Promise<string>
  /** Runs until it is killed; resolves when it is ready. */
  run(command: keyof typeof ready): Promise<Started>
  /** Asks what lies below the practice's base, or a whole address; rejects when nobody answers. */
  send(path: string, init?: RequestInit): Promise<Response>
  killPostgres(): void
}

const ready = { serve: 'charthouse is ready', work: 'charthouse works' } as const

/** `settings` are the practice's; `more` is for the environment, made from the folder. */
export async function ownInstallation(
  settings: readonly string[],
  more: (path: string) => Environment = () => ({}),
): Promise<OwnInstallation> {
  const data = await folder()
  const { path } = data
  const port = await freePort()
  const own = { DATA_DIR: path, PORT: String(port), HOST: '127.0.0.1', SANDBOX: 'off', LOG: 'off' }
  const environment = { ...own, ...more(path) }
  const done = async (...args: string[]) => {
    const { status, out, err } = await charthouse(args, environment)
    assert.equal(status, 0, err)
    return out.trim()
  }
  await done('practice', 'add', 'north')
  await done('practice', 'settings', 'north', 'writes=on', ...settings)
  const token = await done('token', '--practice', 'north', '--scope', 'system/*.cruds')
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' }
  return {
    path,
    environment,
    done,
    run: (command) => runUntilReady(command, environment),
    send: (where, init = {}) =>
      fetch(where.startsWith('http') ? where : `http://127.0.0.1:${port}/north/fhir/r4/${where}`, {
        ...init,
        headers: { ...headers, ...init.headers },
        signal: AbortSignal.timeout(20_000),
      }),
    killPostgres() {
      const postmaster = readFileSync(join(path, 'pg', 'postmaster.pid'), 'utf8').split('\n')[0]
      process.kill(Number(postmaster), 'SIGKILL')
    },
    [Symbol.asyncDispose]: () => data[Symbol.asyncDispose](),
  }
}

/** After a kill of PostgreSQL its last processes may still be ending: then nothing starts yet. */
async function runUntilReady(command: keyof typeof ready, environment: Environment): Promise<Started> {
  for (let tries = 0; ; tries++) {
    const started = start([command], environment)
    try {
      await started.says(ready[command])
      return started
    } catch (error) {
      if (tries === 20) throw error
      await sleep(500)
    }
  }
}

export async function end({ process, finished }: Started, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  process.kill(signal)
  await finished
}

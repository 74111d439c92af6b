/** What an export has come to, in the folder that it goes to: so that the same command goes on. */
import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '#lib'

export interface State {
  /** What was asked for. */
  readonly request: string
  readonly idempotencyKey: string
  readonly startedAt: string
  /** Where to ask for its status; undefined until the server has said so. */
  readonly status?: string
  /** When everything had arrived. */
  readonly finishedAt?: string
  /** What the server could not export, when everything had arrived. */
  readonly failures?: number
  readonly cancelledAt?: string
}

const fileName = 'bulk-download.json'
const lockName = 'bulk-download.lock'

/** The state of the export in a folder; a new one where there is nothing. What belongs to another export is refused. */
export async function openState(folder: string, request: string): Promise<State> {
  const state = await readState(folder)
  if (state?.cancelledAt) throw new Problem('conflict', `The export of ${folder} was cancelled: name another folder`)
  if (state?.status !== undefined && state.request !== request) {
    const [other] = /^[^?{]*/.exec(state.request) ?? [] // what follows may name patients
    throw new Problem('conflict', `${folder} holds another export (${other?.trim()}): name another folder`)
  }
  if (state?.request === request) return state
  const others = (await readdir(folder)).filter((name) => !name.startsWith('bulk-download.'))
  if (others.length > 0) throw new Problem('conflict', `${folder} is not empty: name another folder`)
  const fresh = { request, idempotencyKey: randomUUID(), startedAt: new Date().toISOString() }
  await writeState(folder, fresh)
  return fresh
}

export async function readState(folder: string): Promise<State | undefined> {
  const path = join(folder, fileName)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new Problem('fault', `${path} can't be read: ${error.message}`, { cause: error })
  })
  if (text === undefined) return undefined
  try {
    const state = JSON.parse(text)
    if (typeof state?.request === 'string' && typeof state.idempotencyKey === 'string') return state
  } catch {}
  throw new Problem('fault', `${path} is damaged: empty the folder or name another`)
}

export async function writeState(folder: string, state: State): Promise<void> {
  await replaceFile(join(folder, fileName), `${JSON.stringify(state, undefined, 2)}\n`)
}

/** Whole or not at all. */
export async function replaceFile(path: string, text: string): Promise<void> {
  await writeFile(`${path}.part`, text, { mode: 0o600, flush: true })
  await rename(`${path}.part`, path)
}

/** Keeps a second process out of the folder until it is disposed of. */
export async function lockFolder(folder: string): Promise<AsyncDisposable> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, lockName)
  for (;;) {
    try {
      const file = await open(path, 'wx', 0o600)
      await file.writeFile(String(process.pid))
      await file.close()
      return { [Symbol.asyncDispose]: () => rm(path, { force: true }) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const owner = Number(await readFile(path, 'utf8').catch(() => ''))
      if (isRunning(owner)) {
        throw new Problem('busy', `Process ${owner} is at work in ${folder}; if that is something else, delete ${path}`)
      }
      await rm(path, { force: true }) // left behind by one that was killed
    }
  }
}

function isRunning(id: number): boolean {
  if (!(id > 0) || id === process.pid) return false
  try {
    process.kill(id, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

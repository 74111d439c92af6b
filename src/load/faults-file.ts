import { type FileHandle, open } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Problem } from '#lib'
import type { Place } from './reading/texts.ts'

/** Something of the input that was not loaded, and why. */
export interface Fault {
  readonly place: Place
  readonly reason: string
}

export interface FaultsFile {
  /** Set once there is something in it. */
  readonly path: string | undefined
  add(fault: Fault): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** NAME.errors.ndjson in the folder, a fault a line with file, line and reason; made when the first fault comes. */
export function faultsFile(source: string, folder = process.cwd()): FaultsFile {
  const name = source === '-' ? 'stdin' : basename(source).replace(/(\.(ndjson|jsonl|json|tar|tgz|gz|tzst|zst))+$/i, '')
  const path = join(folder, `${name || 'import'}.errors.ndjson`)
  let opening: Promise<FileHandle> | undefined
  return {
    get path() {
      return opening && path
    },
    async add({ place, reason }) {
      opening ??= open(path, 'w', 0o600).catch((cause: unknown) => {
        throw new Problem('incorrect', `Cannot write ${path}, where the faults of the input go`, { cause })
      })
      const file = await opening
      await file.appendFile(`${JSON.stringify({ ...place, reason })}\n`)
    },
    async [Symbol.asyncDispose]() {
      if (opening) await (await opening).close()
    },
  }
}

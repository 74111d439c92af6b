import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const script = fileURLToPath(new URL('../servers/copy-floor.ts', import.meta.url))

export interface Copied {
  readonly rows: number
  readonly bytes: number
  readonly seconds: number
}

/** Binary COPY of the practice's texts through a Node of its own into one file. */
export async function copyFloor(databaseUrl: string, practice: number, folder: string): Promise<Copied> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...[script, databaseUrl, String(practice), join(folder, 'copied.ndjson')],
  ])
  return JSON.parse(stdout) as Copied
}

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { refused, type WrittenFile, writtenFile } from './written-file.ts'

export interface FileEntry {
  readonly path: string
  readonly type: string
  readonly count: number
  readonly bytes: number
  readonly sha256: string
}

/** A file for each resource type, made when its first line comes. */
export interface TypeFiles {
  add(type: string, line: string | Buffer): Promise<void>
  finish(): Promise<readonly FileEntry[]>
}

const lineBreak = Buffer.from('\n')

export function typeFiles(folder: string, below: string): TypeFiles {
  const open = new Map<string, { readonly file: WrittenFile; count: number }>()

  async function opened(type: string) {
    const made = join(folder, below)
    await mkdir(made, { recursive: true, mode: 0o700 }).catch(refused(made))
    const one = { file: await writtenFile(join(made, `${type}.ndjson`)), count: 0 }
    open.set(type, one)
    return one
  }

  return {
    async add(type, line) {
      const one = open.get(type) ?? (await opened(type))
      one.count++
      await one.file.write(line)
      await one.file.write(lineBreak)
    },
    async finish() {
      const entries: FileEntry[] = []
      for (const [type, { file, count }] of [...open].sort(([a], [b]) => (a < b ? -1 : 1))) {
        entries.push({ path: `${below}/${type}.ndjson`, type, count, ...(await file.finish()) })
      }
      return entries
    },
  }
}

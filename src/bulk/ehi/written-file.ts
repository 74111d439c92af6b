import { createHash } from 'node:crypto'
import { type FileHandle, open, rename } from 'node:fs/promises'
import { Problem } from '#lib'

/** A file that has its name only once it is complete. */
export interface WrittenFile {
  write(text: string | Buffer): Promise<void>
  finish(): Promise<{ readonly bytes: number; readonly sha256: string }>
}

const heldBytes = 1 << 20

export async function writtenFile(path: string): Promise<WrittenFile> {
  const temporary = `${path}~`
  const handle = await open(temporary, 'w', 0o600).catch(refused(path))
  const hash = createHash('sha256')
  let held: Buffer[] = []
  let waiting = 0
  let bytes = 0

  async function flush() {
    const piece = Buffer.concat(held)
    held = []
    waiting = 0
    hash.update(piece)
    await handle.writeFile(piece).catch(closing(handle, path))
  }

  return {
    async write(text) {
      const piece = typeof text === 'string' ? Buffer.from(text) : text
      held.push(piece)
      bytes += piece.length
      waiting += piece.length
      if (waiting >= heldBytes) await flush()
    },
    async finish() {
      await flush()
      await handle.datasync().catch(closing(handle, path))
      await handle.close()
      await rename(temporary, path).catch(refused(path))
      return { bytes, sha256: hash.digest('hex') }
    },
  }
}

function closing(handle: FileHandle, path: string) {
  return async (cause: unknown): Promise<never> => {
    await handle.close().catch(() => {})
    return refused(path)(cause)
  }
}

export function refused(path: string) {
  return (cause: unknown): never => {
    const { code, message } = cause as NodeJS.ErrnoException
    const why: Record<string, string> = { ENOSPC: 'the disk is full', EACCES: 'it may not be written' }
    throw new Problem('unavailable', `Cannot write ${path}: ${why[code ?? ''] ?? message}`, { cause })
  }
}

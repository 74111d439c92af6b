import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { FileWriter } from '../file-store.ts'

interface DiskFile {
  readonly handle: FileHandle
  /** What it is called until it is complete; no name of a file looks so. */
  readonly temporary: string
  readonly path: string
  readonly failure: (error: unknown) => unknown
}

/** The disk is set to work when so much waits for it, so that finish() has little to wait for. */
const flushedBytes = 4 << 20

/** A file is written under another name, brought to the disk and renamed: whoever is killed leaves nothing that can be read. */
export function diskWriter({ handle, temporary, path, failure }: DiskFile): FileWriter {
  let size = 0
  let flushedTo = 0
  let flushing = Promise.resolve()
  let isFlushing = false
  let flushFailure: unknown // the disk tells of a lost write once, to whoever asks first

  function flush() {
    isFlushing = true
    flushedTo = size
    flushing = handle
      .datasync()
      .catch((error) => {
        flushFailure ??= error
      })
      .finally(() => {
        isFlushing = false
      })
  }

  async function writeAll(bytes: Buffer) {
    for (let done = 0; done < bytes.length; ) {
      done += (await handle.write(bytes, done, bytes.length - done)).bytesWritten
    }
    size += bytes.length
    if (size - flushedTo >= flushedBytes && !isFlushing) flush()
  }

  async function finish() {
    await flushing
    await handle.datasync() // its size too: without it the bytes could not be found
    if (flushFailure) throw flushFailure
    await handle.close()
    await rename(temporary, path)
    await syncFolder(dirname(path))
    return { size }
  }

  async function told<Value>(step: Promise<Value>): Promise<Value> {
    try {
      return await step
    } catch (error) {
      throw failure(error)
    }
  }

  return {
    write: (bytes) => told(writeAll(bytes)),
    finish: () => told(finish()),
    async abort() {
      await flushing
      await handle.close().catch(() => {})
      await rm(temporary, { force: true }).catch(() => {}) // it goes with its folder
    },
  }
}

const syncing = new Map<string, Promise<void>>()
const waiting = new Map<string, Promise<void>>()

/** A new name lasts only once its folder is on the disk too. Names that come while that is done share the next time. */
export function syncFolder(folder: string): Promise<void> {
  const running = syncing.get(folder)
  if (!running) return beginSync(folder)
  const next = waiting.get(folder) ?? running.catch(() => undefined).then(() => beginSync(folder))
  waiting.set(folder, next)
  return next
}

function beginSync(folder: string): Promise<void> {
  waiting.delete(folder)
  const done = syncNow(folder).finally(() => syncing.delete(folder))
  syncing.set(folder, done)
  return done
}

async function syncNow(folder: string) {
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

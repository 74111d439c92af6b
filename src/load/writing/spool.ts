import { once } from 'node:events'
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { linesOf } from '../reading/lines.ts'

/** A temporary file of what must wait until the rest of the input has been read. */
export interface Spool<T> {
  readonly count: number
  add(item: T): Promise<void>
  /** In the order in which they came; nothing can be added any more. */
  items(): AsyncGenerator<T>
  [Symbol.asyncDispose](): Promise<void>
}

/** Makes its file when the first item comes, and takes it away when it is disposed of. */
export function spool<T>(parent = tmpdir()): Spool<T> {
  let stream: WriteStream | undefined
  let count = 0
  return {
    get count() {
      return count
    },
    async add(item) {
      stream ??= await newFile(parent)
      count++
      if (!stream.write(`${JSON.stringify(item)}\n`)) await once(stream, 'drain')
    },
    async *items() {
      if (!stream) return
      await ended(stream)
      for await (const { lines } of linesOf(createReadStream(stream.path), Number.POSITIVE_INFINITY)) {
        for (const line of lines) yield JSON.parse(line.toString()) as T
      }
    },
    async [Symbol.asyncDispose]() {
      stream?.destroy()
      if (stream) await rm(dirname(String(stream.path)), { recursive: true, force: true })
    },
  }
}

async function newFile(parent: string): Promise<WriteStream> {
  const folder = await mkdtemp(join(parent, 'charthouse-import-'))
  const stream = createWriteStream(join(folder, 'waiting.ndjson'), { mode: 0o600 })
  await once(stream, 'open')
  return stream
}

async function ended(stream: WriteStream): Promise<void> {
  if (stream.writableFinished) return
  stream.end()
  await once(stream, 'finish')
}

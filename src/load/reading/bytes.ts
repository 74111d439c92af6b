import { pipeline, Readable, type Transform } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { zstandardFrames } from './zstandard-frames.ts'

export type Bytes = AsyncIterable<Buffer>

/** The bytes behind a gzip or zstandard wrapping, told by its first bytes and not by a name; else the bytes themselves. */
export async function decompressed(source: Bytes): Promise<Bytes> {
  const { head, all } = await peeked(source, 4)
  if (head.length < 4) return all
  if (head.readUInt16BE(0) === 0x1f8b) return through(all, createGunzip({ chunkSize: chunkBytes }))
  if (isZstandard(head.readUInt32LE(0))) return unframed(all)
  return all
}

/** At least `count` bytes of the beginning (fewer when there are no more), and everything again. */
export async function peeked(source: Bytes, count: number): Promise<{ head: Buffer; all: Bytes }> {
  const iterator = source[Symbol.asyncIterator]()
  let head: Buffer = Buffer.alloc(0)
  while (head.length < count) {
    const step = await iterator.next()
    if (step.done) break
    head = head.length === 0 ? step.value : Buffer.concat([head, step.value])
  }
  return { head, all: rejoined(head, iterator) }
}

const chunkBytes = 128 * 1024

async function* rejoined(head: Buffer, iterator: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (head.length > 0) yield head
    for (let step = await iterator.next(); !step.done; step = await iterator.next()) yield step.value
  } finally {
    await iterator.return?.()
  }
}

/** A frame of data, or one to be skipped, may stand first. */
function isZstandard(magic: number): boolean {
  return magic === 0xfd2fb528 || (magic & 0xfffffff0) === 0x184d2a50
}

async function* unframed(source: Bytes): AsyncGenerator<Buffer> {
  const frames = zstandardFrames(source)
  while (await frames.hasMore()) {
    yield* through(frames.frame(), createZstdDecompress({ chunkSize: chunkBytes }))
  }
}

/** A fault of the source ends the iteration of the result with it; so the pipeline's own report is not needed. */
function through(source: Bytes, transform: Transform): Bytes {
  pipeline(Readable.from(source, { objectMode: false }), transform, () => {})
  return transform
}

/** One NDJSON file on its way to the file store: lines are gathered, and go out a megabyte at a time. */
import { once } from 'node:events'
import { createGzip, type Gzip } from 'node:zlib'
import type { FileStore, FileWriter } from '#files'
import type { Pace } from '#lib'

const bufferBytes = 1024 * 1024
/** A file begins with less: most files of a cohort hold no more. */
const firstBytes = 64 * 1024
/** After so many it lets requests pass: a few milliseconds of work, here and in the database. */
const pieceBytes = 256 * 1024
const lineBreak = 0x0a

/** Buffers of files that have ended, for those that begin: a new one for each keeps the garbage collector busy. */
const free: Buffer[] = []
const mostFree = 8
const freeFirst: Buffer[] = []
const mostFreeFirst = 32

function takeFirst(): Buffer {
  return freeFirst.pop() ?? Buffer.allocUnsafeSlow(firstBytes)
}

function takeBuffer(): Buffer {
  return free.pop() ?? Buffer.allocUnsafeSlow(bufferBytes)
}

function giveBack(buffer: Buffer | undefined) {
  if (!buffer) return
  if (buffer.length === firstBytes) {
    if (freeFirst.length < mostFreeFirst) freeFirst.push(buffer)
  } else if (free.length < mostFree) free.push(buffer)
}

/** Two buffers in turn: one is filled while the other is written. */
export class NdjsonFile {
  readonly stored: string
  readonly #out: Out
  readonly #pace: Pick<Pace, 'stepBack'>
  #filling = takeFirst()
  #resting: Buffer | undefined = undefined
  #at = 0
  #written: Promise<void> = Promise.resolve()
  #isEnded = false
  lines = 0
  bytes = 0

  constructor(stored: string, out: Out, pace: Pick<Pace, 'stepBack'>) {
    this.stored = stored
    this.#out = out
    this.#pace = pace
  }

  /** A promise holds the caller back. */
  line(from: Buffer, start: number, end: number): void | Promise<void> {
    const length = end - start
    this.lines++
    this.bytes += length + 1
    if (this.#at + length + 1 > this.#filling.length && this.#filling.length < bufferBytes) this.#grow()
    if (this.#at + length + 1 > this.#filling.length) return this.#over(from.subarray(start, end))
    const before = this.#at
    this.#at += from.copy(this.#filling, this.#at, start, end)
    this.#filling[this.#at++] = lineBreak
    if (Math.floor(this.#at / pieceBytes) > Math.floor(before / pieceBytes)) return this.#pace.stepBack()
  }

  #grow() {
    const small = this.#filling
    this.#filling = takeBuffer()
    small.copy(this.#filling, 0, 0, this.#at)
    giveBack(small)
  }

  /** What does not fit is copied in pieces: a line may be larger than any buffer. */
  async #over(line: Buffer): Promise<void> {
    for (let from = 0; from < line.length; ) {
      if (this.#at === this.#filling.length) await this.#send()
      const copied = line.copy(this.#filling, this.#at, from)
      this.#at += copied
      from += copied
    }
    if (this.#at === this.#filling.length) await this.#send()
    this.#filling[this.#at++] = lineBreak
  }

  async #send(): Promise<void> {
    const full = this.#filling.subarray(0, this.#at)
    await this.#pace.stepBack()
    await this.#written
    this.#written = this.#out.write(full)
    this.#written.catch(() => undefined) // told when it is waited for
    const next = this.#resting ?? takeBuffer()
    this.#resting = this.#filling
    this.#filling = next
    this.#at = 0
  }

  /** Bytes in the store. */
  async finish(): Promise<number> {
    if (this.#at > 0) await this.#send()
    await this.#written
    this.#end()
    return this.#out.finish()
  }

  /** Nothing is on its way out of the buffers any more; each is given back once. */
  #end() {
    if (this.#isEnded) return
    this.#isEnded = true
    giveBack(this.#filling)
    giveBack(this.#resting)
  }

  async abort(): Promise<void> {
    await this.#written.catch(() => undefined)
    await this.#out.abort()
    this.#end()
  }
}

interface Out {
  write(bytes: Buffer): Promise<void>
  finish(): Promise<number>
  abort(): Promise<void>
}

/** Where a file goes, and how its writer keeps out of the way of others. */
interface Place {
  readonly files: FileStore
  readonly pace: Pick<Pace, 'stepBack'>
}

export async function createNdjson({ files, pace }: Place, stored: string, isGzipped: boolean): Promise<NdjsonFile> {
  const writer = await files.create(stored)
  return new NdjsonFile(stored, isGzipped ? new GzippedOut(writer) : new PlainOut(writer), pace)
}

class PlainOut implements Out {
  readonly #writer: FileWriter

  constructor(writer: FileWriter) {
    this.#writer = writer
  }

  write(bytes: Buffer): Promise<void> {
    return this.#writer.write(bytes)
  }

  async finish(): Promise<number> {
    return (await this.#writer.finish()).size
  }

  abort(): Promise<void> {
    return this.#writer.abort()
  }
}

class GzippedOut implements Out {
  readonly #writer: FileWriter
  readonly #gzip: Gzip = createGzip({ level: 1, chunkSize: 256 * 1024 })
  readonly #packed: Promise<void>

  constructor(writer: FileWriter) {
    this.#writer = writer
    this.#packed = this.#forward()
    this.#packed.catch(() => undefined) // told when it is waited for
  }

  async #forward(): Promise<void> {
    for await (const chunk of this.#gzip) await this.#writer.write(chunk as Buffer)
  }

  async write(bytes: Buffer): Promise<void> {
    await Promise.race([
      new Promise<void>((resolve, reject) => this.#gzip.write(bytes, (error) => (error ? reject(error) : resolve()))),
      this.#packed,
    ])
  }

  async finish(): Promise<number> {
    this.#gzip.end()
    await this.#packed
    return (await this.#writer.finish()).size
  }

  async abort(): Promise<void> {
    if (!this.#gzip.destroyed) {
      this.#gzip.destroy()
      await once(this.#gzip, 'close')
    }
    await this.#packed.catch(() => undefined)
    await this.#writer.abort()
  }
}

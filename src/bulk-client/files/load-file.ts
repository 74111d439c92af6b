/**
 * One file: it grows under the name `NAME.part` and gets its own name when all of it is there and checked. What broke off goes
 * on where it was, by Range, in this run or in a later one. On disk is always the beginning of the file without any encoding:
 * so the rest is asked for without one, a little of what is there is asked for again, and must be the same.
 */
import { constants, createReadStream } from 'node:fs'
import { type FileHandle, open, rename, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { Problem } from '#lib'
import { refusal } from '../outcomes.ts'
import { type Answer, contentOf } from '../web/exchange.ts'
import { backOffSeconds, mostRetries } from '../web/patience.ts'
import type { Server } from '../web/server.ts'
import { faultOf } from './checks.ts'
import { LineTally } from './line-tally.ts'
import type { Loading } from './loading.ts'

export interface LoadContext {
  readonly server: Server
  readonly tell: (line: string) => void
  readonly received: (bytes: number) => void
}

export interface Loaded {
  readonly lines: number
  readonly bytes: number
}

/** The answer broke off, or can't be put after what is there: worth another try. */
class BrokenOff extends Error {}

export async function loadFile(loading: Loading, context: LoadContext): Promise<Loaded> {
  const { path, item } = loading
  if (await isThere(path))
    return item.count === undefined ? tallyOf(path) : { lines: item.count, bytes: (await stat(path)).size }
  await using file = await open(`${path}.part`, constants.O_RDWR | constants.O_CREAT, 0o600)
  const tally = await loadChecked(file, loading, context)
  await file.sync()
  await rename(`${path}.part`, path)
  return { lines: tally.lines, bytes: tally.bytes }
}

/** A file that is not what the manifest says is loaded once more, from its beginning. */
async function loadChecked(file: FileHandle, loading: Loading, context: LoadContext): Promise<LineTally> {
  const name = basename(loading.path)
  for (let time = 1; ; time++) {
    const { tally, sentBytes } = await loadWhole(file, loading, context)
    const fault = await faultOf(file, { ...loading, tally, sentBytes })
    if (fault === undefined) return tally
    if (time === 2) throw new Problem('unavailable', `${name}: ${fault}, twice`)
    context.tell(`${name}: ${fault}; loading it again`)
    await file.truncate(0)
  }
}

interface Whole {
  readonly tally: LineTally
  /** How long the file was on its way, where that is known. */
  readonly sentBytes: number | undefined
}

/** So much more makes a try that broke off a good one. */
const goodBytes = 1024 * 1024

async function loadWhole(file: FileHandle, loading: Loading, context: LoadContext): Promise<Whole> {
  const name = basename(loading.path)
  let furthest = 0
  for (let retries = 0; ; ) {
    try {
      return await loadRest(file, loading, context)
    } catch (error) {
      if (!(error instanceof BrokenOff) || context.server.signal.aborted) throw error
      const { size } = await file.stat()
      retries = size >= furthest + goodBytes ? 1 : retries + 1
      furthest = Math.max(furthest, size)
      if (retries > mostRetries) throw new Problem('unavailable', `${name} can't be loaded: ${error.message}`)
      const seconds = backOffSeconds(retries)
      context.tell(`${name}: ${error.message}; again in ${seconds} s`)
      await context.server.wait(seconds)
    }
  }
}

/** Bytes that are asked for again, to see that they are the same. */
const overlapBytes = 1024

async function loadRest(file: FileHandle, loading: Loading, context: LoadContext): Promise<Whole> {
  const { size } = await file.stat()
  const from = Math.max(0, size - overlapBytes)
  const before = await tallyOf(`${loading.path}.part`)
  const answer = await ask(loading, context.server, size > 0 ? from : undefined)
  if (size > 0 && isRestFrom(answer, from)) {
    const known = Buffer.alloc(size - from)
    await file.read(known, 0, known.length, from)
    await append(answer, { file, tally: before, known }, context)
    return { tally: before, sentBytes: undefined }
  }
  await file.truncate(0)
  if (answer.status !== 200) {
    answer.body.destroy()
    throw new BrokenOff("what is there of it can't be gone on with")
  }
  const tally = new LineTally()
  await append(answer, { file, tally, known: Buffer.alloc(0) }, context)
  const length = answer.headers['content-length']
  return { tally, sentBytes: length === undefined ? undefined : Number(length) }
}

/** The answer with the file, or what goes on from a byte; anything but 200, 206 and 416 is refused. */
async function ask({ item, requiresToken, isNdjson, path }: Loading, server: Server, from: number | undefined) {
  const range =
    from === undefined ? { 'accept-encoding': 'gzip' } : { 'accept-encoding': 'identity', range: `bytes=${from}-` }
  const answer = await server.ask(item.url, {
    withToken: requiresToken,
    follows: true,
    headers: { accept: isNdjson ? 'application/fhir+ndjson' : '*/*', ...range },
  })
  if (answer.status === 200 || (from !== undefined && [206, 416].includes(answer.status))) return answer
  throw await refusal(`${basename(path)} can't be loaded`, answer)
}

function isRestFrom({ status, headers }: Answer, from: number): boolean {
  const isPlain = (headers['content-encoding'] ?? 'identity') === 'identity'
  return status === 206 && isPlain && headers['content-range']?.startsWith(`bytes ${from}-`) === true
}

interface Target {
  readonly file: FileHandle
  readonly tally: LineTally
  /** What the answer has to begin with, and the file ends with. */
  readonly known: Buffer
}

async function append(answer: Answer, { file, tally, known }: Target, { received }: LoadContext): Promise<void> {
  let left = known
  for await (const chunk of chunksOf(answer)) {
    const again = Math.min(left.length, chunk.length)
    if (!chunk.subarray(0, again).equals(left.subarray(0, again))) {
      await file.truncate(0)
      throw new BrokenOff('the server has another content now')
    }
    left = left.subarray(again)
    await writeAll(file, chunk.subarray(again), tally.bytes)
    tally.add(chunk.subarray(again))
    received(chunk.length - again)
  }
  if (left.length === 0) return
  await file.truncate(0)
  throw new BrokenOff('the server has less of it now')
}

async function* chunksOf(answer: Answer): AsyncGenerator<Buffer> {
  const chunks = contentOf(answer)[Symbol.asyncIterator]()
  try {
    for (;;) {
      const { done, value } = await chunks.next().catch((cause: Error) => {
        throw new BrokenOff(`it broke off (${cause.message})`, { cause })
      })
      if (done) return
      yield value
    }
  } finally {
    answer.body.destroy()
  }
}

async function writeAll(file: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done)
    done += bytesWritten
  }
}

async function tallyOf(path: string): Promise<LineTally> {
  const tally = new LineTally()
  for await (const chunk of createReadStream(path)) tally.add(chunk)
  return tally
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

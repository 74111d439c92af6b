import type { IncomingMessage } from 'node:http'
import { openAddress, Unread, unread } from '#http'
import { Problem } from '#lib'

export interface Fetching {
  readonly url: string
  readonly isDevelopment: boolean
  /** What comes is unpacked by who takes it, who notes it here; what comes packed has to go in, too. */
  readonly room: Room
  readonly signal: AbortSignal
  /** How long nothing may come; and how long the source may be slow. */
  readonly idleMs?: number
}

/** Bytes that may still come. */
export interface Room {
  readonly left: number
  /** Throws Problem 'too-large' when there is none. */
  take(bytes: number): void
}

export function roomFor(gigabytes: number, taken: number): Room {
  let left = gigabytes * 1e9 - taken
  return {
    get left() {
      return left
    },
    take(bytes) {
      left -= bytes
      if (left < 0) throw tooLarge(gigabytes)
    },
  }
}

/** A source that sends less for as long as it may be idle would hold a worker for nothing. */
const leastBytesPerMs = 1

/**
 * What a source sends, as it comes (specs/security.md S-12). Rejects with Problem: 'unavailable' for what may pass. A
 * consumer that takes its time is not the source's fault: only the waiting for the source is counted.
 */
export async function* inputBytes(fetching: Fetching): AsyncGenerator<Buffer> {
  const { url, isDevelopment, room, signal, idleMs = 60_000 } = fetching
  const idle = new AbortController()
  const wait = waiting(idle, idleMs)
  try {
    const both = AbortSignal.any([signal, idle.signal])
    const response = await wait(openAddress(url, { isDevelopment, accept: 'application/fhir+ndjson', signal: both }))
    if (Number(response.headers['content-length'] ?? 0) > room.left) {
      response.destroy()
      room.take(Number.POSITIVE_INFINITY)
    }
    let left = room.left
    for await (const chunk of bytesOf(response, wait, idleMs)) {
      left -= chunk.length
      if (left < 0) room.take(Number.POSITIVE_INFINITY) // however little it is when it is unpacked
      yield chunk
    }
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof Problem) throw error
    const cause = idle.signal.aborted
      ? new Unread(`it sent nothing for ${idleMs / 1000} s`, { mayPass: true })
      : unread(error)
    throw new Problem(cause.mayPass ? 'unavailable' : 'incorrect', cause.message, { cause })
  }
}

async function* bytesOf(response: IncomingMessage, wait: Wait, idleMs: number): AsyncGenerator<Buffer> {
  const chunks = response[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let bytes = 0
  try {
    for (let step = await wait(chunks.next()); !step.done; step = await wait(chunks.next())) {
      bytes += step.value.length
      if (wait.ms > idleMs && bytes < wait.ms * leastBytesPerMs) throw new Unread('it is too slow', { mayPass: true })
      yield step.value
    }
  } finally {
    response.destroy()
  }
}

interface Wait {
  <T>(what: Promise<T>): Promise<T>
  /** So long was waited in all. */
  readonly ms: number
}

function waiting(idle: AbortController, idleMs: number): Wait {
  let ms = 0
  const wait = async <T>(what: Promise<T>): Promise<T> => {
    const start = performance.now()
    const timer = setTimeout(() => idle.abort(), idleMs)
    try {
      return await what
    } finally {
      clearTimeout(timer)
      ms += performance.now() - start
    }
  }
  return Object.defineProperty(wait, 'ms', { get: () => ms }) as Wait
}

function tooLarge(gigabytes: number): Problem {
  return new Problem(
    'too-large',
    `the files are larger than the ${gigabytes} GB that the practice lets an import fetch`,
  )
}

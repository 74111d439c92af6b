/**
 * The load generator: as many connections as asked, each with one request under way. It reads only what it needs of an
 * answer (status, length), since it shares the machine with what it measures: autocannon takes three times the processor
 * time for the same requests, which would bring every ratio nearer to 1.
 */
import { connect } from 'node:net'

export interface Load {
  readonly origin: string
  /** Below the origin; each connection begins at another place of the list and goes round. */
  readonly paths: readonly string[]
  readonly token?: string
  /** In place of GETs of `paths`: what this connection sends next; it is called when the one before has its answer. */
  readonly requestOf?: (connection: number) => Buffer
  readonly connections: number
  readonly seconds: number
}

export interface Loaded {
  readonly requests: number
  readonly requestsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

const headEnd = Buffer.from('\r\n\r\n')

export async function load({ origin, paths, token, requestOf, connections, seconds }: Load): Promise<Loaded> {
  const requests = paths.map((path) => requestText(origin, path, token))
  const nextOf = (connection: number) =>
    requestOf ? () => requestOf(connection) : around(requests, Math.floor((connection * requests.length) / connections))
  const timesMs: number[] = []
  const start = performance.now()
  const end = start + seconds * 1000
  await Promise.all(Array.from({ length: connections }, (_, i) => talk(new URL(origin), nextOf(i), end, timesMs)))
  const tookMs = performance.now() - start
  timesMs.sort((one, other) => one - other)
  return {
    requests: timesMs.length,
    requestsPerSecond: (timesMs.length * 1000) / tookMs,
    p50Ms: timesMs[Math.floor(timesMs.length * 0.5)] ?? 0,
    p99Ms: timesMs[Math.floor(timesMs.length * 0.99)] ?? 0,
  }
}

function requestText(origin: string, path: string, token: string | undefined): Buffer {
  const authorization = token === undefined ? '' : `authorization: Bearer ${token}\r\n`
  return Buffer.from(`GET ${path} HTTP/1.1\r\nhost: ${new URL(origin).host}\r\n${authorization}\r\n`)
}

function around(requests: readonly Buffer[], first: number): () => Buffer {
  let at = first
  return () => {
    const request = requests[at] as Buffer
    at = (at + 1) % requests.length
    return request
  }
}

/** One connection until `end`; rejects at the first answer that is neither 200 nor 201. */
function talk({ hostname, port }: URL, next: () => Buffer, end: number, timesMs: number[]) {
  return new Promise<void>((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    socket.setNoDelay(true)
    let sentAt = 0
    let missing = -1
    let head: Buffer | undefined
    const send = () => {
      sentAt = performance.now()
      missing = -1
      socket.write(next())
    }
    socket.on('connect', send).on('error', reject)
    socket.on('close', () => reject(new Error('The server closed a connection under load')))
    socket.on('data', (chunk: Buffer) => {
      if (missing < 0) {
        const bytes = head ? Buffer.concat([head, chunk]) : chunk
        const bodyAt = bytes.indexOf(headEnd)
        head = bodyAt < 0 ? bytes : undefined
        if (bodyAt < 0) return
        const length = lengthOf(bytes.toString('latin1', 0, bodyAt))
        if (typeof length !== 'number')
          return reject(new Error(`Under load, a request got ${length}: ${bytes.toString('utf8', bodyAt)}`))
        missing = bodyAt + headEnd.length + length - bytes.length
      } else missing -= chunk.length
      if (missing > 0) return
      const now = performance.now()
      timesMs.push(now - sentAt)
      if (now < end) return send()
      socket.removeAllListeners('close').destroy()
      resolve()
    })
  })
}

/** Length of the body of a 200 or 201; the status line of anything else. */
function lengthOf(head: string): number | string {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (/^HTTP\/1\.1 20[01]/.test(head) && length !== undefined) return Number(length)
  return `"${head.slice(0, head.indexOf('\r'))}", content-length ${length}`
}

/** Reads a key set from an address that its app named (specs/smart.md 4.2): no longer, and no more, than a key set can be. */
import type { IncomingMessage } from 'node:http'
import { openAddress, Unread, unread } from '#http'

export interface Fetched {
  readonly text: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

export interface FetchRules {
  readonly isDevelopment: boolean
  readonly timeoutMs?: number
  readonly mostBytes?: number
}

/** Rejects with an Error whose message may be told to the owner of the address. */
export async function fetchText(address: string, rules: FetchRules): Promise<Fetched> {
  const { isDevelopment, timeoutMs = 5000, mostBytes = 256 * 1024 } = rules
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const response = await openAddress(address, { isDevelopment, accept: 'application/json', signal })
    return { text: await read(response, mostBytes), headers: response.headers }
  } catch (cause) {
    throw signal.aborted ? new Unread('it did not answer in time', { cause }) : unread(cause)
  }
}

async function read(response: IncomingMessage, mostBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > mostBytes) throw new Unread(`it is larger than ${mostBytes / 1024} kB`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

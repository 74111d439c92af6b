/**
 * Reads a text from an address that somebody else named (specs/smart.md 4.2): the address that is checked is the one that is
 * connected to, nothing is followed, sent along or waited for, and no more is read than a key set can be.
 */
import { lookup as resolve } from 'node:dns'
import { get as httpGet, type IncomingMessage, type RequestOptions } from 'node:http'
import { get as httpsGet } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { mayCall } from './public-address.ts'

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
  const url = new URL(address)
  if (url.protocol !== 'https:' && !(isDevelopment && url.protocol === 'http:')) throw new Error('it is not https')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) && !mayCall(host, isDevelopment)) throw notPublic
  const response = await open(url, {
    agent: false,
    headers: { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': 'charthouse' },
    lookup: checkedLookup(isDevelopment),
    signal: AbortSignal.timeout(timeoutMs),
  })
  try {
    if (response.statusCode !== 200) throw new Error(`it answered ${response.statusCode}`)
    return { text: await read(response, mostBytes), headers: response.headers }
  } catch (error) {
    throw told(error)
  } finally {
    response.destroy()
  }
}

const notPublic = new Error('it is not at an address of the public internet')

function open(url: URL, options: RequestOptions): Promise<IncomingMessage> {
  const get = url.protocol === 'https:' ? httpsGet : httpGet
  return new Promise((resolve, reject) => {
    get(url, options, resolve).on('error', (error) => reject(told(error)))
  })
}

async function read(response: IncomingMessage, mostBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > mostBytes) throw new Error(`it is larger than ${mostBytes / 1024} kB`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

/** Names are resolved here and nowhere else; one address that may not be called is enough to refuse the name. */
function checkedLookup(isDevelopment: boolean): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '')
      if (!addresses.every(({ address }) => mayCall(address, isDevelopment))) return done(notPublic, '')
      if (options.all) return done(null, addresses)
      const [first] = addresses
      done(null, first?.address ?? '', first?.family)
    })
  }
}

/** What went wrong, without what a stranger could learn of the network from it. */
function told(error: unknown): Error {
  const { name, code, message } = error as Error & { code?: string }
  if (error === notPublic || message.startsWith('it ')) return error as Error
  if (name === 'AbortError' || name === 'TimeoutError') return new Error('it did not answer in time', { cause: error })
  if (code === 'ENOTFOUND') return new Error('its host name is not known', { cause: error })
  if (/CERT|SSL|TLS/.test(code ?? '')) return new Error('its certificate cannot be trusted', { cause: error })
  return new Error('it cannot be reached', { cause: error })
}

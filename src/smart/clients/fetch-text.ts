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

/** Its message may be told to the owner of the address. */
class Unread extends Error {}

const notPublic = new Unread('it is not at an address of the public internet')

/** Rejects with an Error whose message may be told to the owner of the address. */
export async function fetchText(address: string, rules: FetchRules): Promise<Fetched> {
  const { isDevelopment, timeoutMs = 5000, mostBytes = 256 * 1024 } = rules
  const url = new URL(address)
  if (url.protocol !== 'https:' && !(isDevelopment && url.protocol === 'http:')) throw new Unread('it is not https')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) && !mayCall(host, isDevelopment)) throw notPublic
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const response = await open(url, {
      agent: false,
      headers: { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': 'charthouse' },
      lookup: checkedLookup(isDevelopment),
      signal,
    })
    if (response.statusCode !== 200) {
      response.destroy()
      throw new Unread(`it answered ${response.statusCode}`)
    }
    return { text: await read(response, mostBytes), headers: response.headers }
  } catch (cause) {
    throw signal.aborted ? new Unread('it did not answer in time', { cause }) : told(cause)
  }
}

function open(url: URL, options: RequestOptions): Promise<IncomingMessage> {
  const get = url.protocol === 'https:' ? httpsGet : httpGet
  return new Promise((resolve, reject) => {
    get(url, options, resolve).on('error', reject)
  })
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
function told(cause: unknown): Unread {
  if (cause instanceof Unread) return cause
  const { code = '' } = cause as { code?: string }
  if (code === 'ENOTFOUND') return new Unread('its host name is not known', { cause })
  if (/CERT|SSL|TLS/.test(code)) return new Unread('its certificate cannot be trusted', { cause })
  return new Unread('it cannot be reached', { cause })
}

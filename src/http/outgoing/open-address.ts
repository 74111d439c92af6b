/**
 * Calls to an address that somebody else named (specs/security.md S-12): the address that is checked is the one that is
 * connected to, nothing is followed or sent along. How long to wait and how much to read is up to who calls.
 */
import { lookup as resolve } from 'node:dns'
import { get as httpGet, type IncomingMessage, type RequestOptions } from 'node:http'
import { get as httpsGet } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { mayCall } from './public-address.ts'

export interface OpenRules {
  /** Then by http and at this machine, too. */
  readonly isDevelopment: boolean
  /** The type that is wanted. */
  readonly accept: string
  /** Ends it, before the answer and within. */
  readonly signal: AbortSignal
}

/** Its message may be told to the owner of the address. */
export class Unread extends Error {
  /** It may be otherwise when it is tried again. */
  readonly mayPass: boolean

  constructor(
    message: string,
    { cause, mayPass = false }: { readonly cause?: unknown; readonly mayPass?: boolean } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.mayPass = mayPass
  }
}

const notPublic = new Unread('it is not at an address of the public internet')

/** The body of an answer 200 as it comes; rejects with Unread. What fails while it is read is told by `unread`. */
export async function openAddress(address: string, { isDevelopment, accept, signal }: OpenRules) {
  const url = checkAddress(address, isDevelopment)
  try {
    const response = await open(url, {
      agent: false,
      headers: { accept, 'accept-encoding': 'identity', 'user-agent': 'charthouse' },
      lookup: checkedLookup(isDevelopment),
      signal,
    })
    const { statusCode: status = 0 } = response
    if (status === 200) return response
    response.destroy()
    throw new Unread(`it answered ${status}`, { mayPass: status >= 500 || status === 429 })
  } catch (cause) {
    throw unread(cause)
  }
}

/** Refuses what can be told to be none that is called, before anybody asks where it is. */
export function checkAddress(address: string, isDevelopment: boolean): URL {
  if (!URL.canParse(address)) throw new Unread('it is not a URL')
  const url = new URL(address)
  if (url.protocol !== 'https:' && !(isDevelopment && url.protocol === 'http:')) throw new Unread('it is not https')
  if (url.username !== '' || url.password !== '') throw new Unread('it holds a name or a password')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) && !mayCall(host, isDevelopment)) throw notPublic
  return url
}

/** What went wrong, without what a stranger could learn of the network from it. */
export function unread(cause: unknown): Unread {
  if (cause instanceof Unread) return cause
  const { code = '' } = cause as { code?: string }
  if (code === 'ENOTFOUND') return new Unread('its host name is not known', { cause, mayPass: true })
  if (/CERT|SSL|TLS/.test(code)) return new Unread('its certificate cannot be trusted', { cause })
  return new Unread('it cannot be reached', { cause, mayPass: true })
}

function open(url: URL, options: RequestOptions): Promise<IncomingMessage> {
  const get = url.protocol === 'https:' ? httpsGet : httpGet
  return new Promise((resolve, reject) => {
    get(url, options, resolve).on('error', reject)
  })
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

/** Speaking to a Bulk server: with the token where it belongs, again where that may help. */
import { Readable } from 'node:stream'
import { Problem } from '#lib'
import type { Tokens } from '../auth/tokens.ts'
import { isLasting } from '../outcomes.ts'
import { addressFrom, shown } from './address.ts'
import { type Answer, exchange, type Request, textOf } from './exchange.ts'
import { backOffSeconds, mostRetries, retryAfterSeconds, type Wait } from './patience.ts'

export interface Asked extends Request {
  /** Sends the token, if the address is one of the server's; true unless said otherwise. */
  readonly withToken?: boolean
  /** Goes where the answer leads to, without the token. */
  readonly follows?: boolean
}

export interface Server {
  ask(url: URL, asked?: Asked): Promise<Answer>
  wait(seconds: number): Promise<void>
  /** Aborted when all is to end. */
  readonly signal: AbortSignal
}

export interface Connection {
  readonly tokens: Tokens
  /** The only ones that the token is sent to. */
  readonly origins: ReadonlySet<string>
  readonly signal: AbortSignal
  readonly wait: Wait
  readonly tell: (line: string) => void
}

export function connect(connection: Connection): Server {
  const { tokens, origins, signal, tell } = connection

  async function askOnce(url: URL, { withToken = true, follows = false, ...request }: Asked): Promise<Answer> {
    const token = withToken && origins.has(url.origin) ? await tokens.current() : undefined
    const answer = await send(url, bearing(request, token))
    if (answer.status === 401 && withToken && !origins.has(url.origin)) {
      tell(`${url.origin} may want the token, which goes to ${[...origins].join(', ')} alone: see --token-origin`)
    }
    if (answer.status === 401 && token !== undefined) {
      const other = await tokens.replace(token)
      if (other === undefined) return answer
      answer.body.destroy()
      return send(url, bearing(request, other))
    }
    return follows ? followed(answer, request) : answer
  }

  async function followed(first: Answer, request: Request): Promise<Answer> {
    let answer = first
    for (let count = 0; answer.headers.location !== undefined && isRedirect(answer); count++) {
      if (count === mostRedirects) throw new Problem('unavailable', `${shown(first.url)} leads from address to address`)
      answer.body.destroy()
      answer = await send(addressFrom(answer.headers.location, answer.url), request)
    }
    return answer
  }

  const send = (url: URL, request: Request) => exchange(url, request, signal)
  return {
    ask: (url, asked = {}) => patiently(url, () => askOnce(url, asked), connection),
    wait: (seconds) => connection.wait(seconds, signal),
    signal,
  }
}

const mostRedirects = 5

function isRedirect({ status }: Answer): boolean {
  return status >= 301 && status <= 308 && status !== 304
}

function bearing(request: Request, token: string | undefined): Request {
  return token === undefined
    ? request
    : { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } }
}

/** Asks again where that may help: up to five times, after the time that the server names or 1, 2, 4 … seconds. */
export async function patiently(
  url: URL,
  ask: () => Promise<Answer>,
  { signal, wait, tell }: Pick<Connection, 'signal' | 'wait' | 'tell'>,
): Promise<Answer> {
  for (let time = 1; ; time++) {
    const result = await ask().then(judged, (error: Error) => failed(error, { url, signal }))
    if (!('reason' in result)) return result
    if (time > mostRetries) {
      if (result.answer) return result.answer
      throw new Problem('unavailable', `${shown(url)} can't be reached: ${result.reason}`)
    }
    const seconds = (result.answer && retryAfterSeconds(result.answer.headers)) ?? backOffSeconds(time)
    tell(`${shown(url)}: ${result.reason}; again in ${Math.ceil(seconds)} s`)
    result.answer?.body.destroy()
    await wait(seconds, signal)
  }
}

interface Again {
  readonly reason: string
  readonly answer?: Answer
}

const worthAnother = new Set([408, 429, 500, 502, 503, 504])

async function judged(answer: Answer): Promise<Answer | Again> {
  if (!worthAnother.has(answer.status)) return answer
  const text = await textOf(answer).catch(() => '')
  const read = { ...answer, headers: withoutEncoding(answer), body: Readable.from([Buffer.from(text)]) }
  if (answer.status === 500 && isLasting(text)) return read
  return { reason: `the server answers ${answer.status}`, answer: read }
}

function withoutEncoding({ headers }: Answer): Answer['headers'] {
  const { 'content-encoding': _, ...rest } = headers
  return rest
}

/** Names that do not exist and certificates that do not hold stay so. */
const lasting = /^(ENOTFOUND|CERT_|ERR_TLS_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|ERR_SSL_|EPROTO|ERR_INVALID_)/

function failed(error: Error & { readonly code?: string }, { url, signal }: { url: URL; signal: AbortSignal }): Again {
  if (signal.aborted || error instanceof Problem) throw error
  const reason = error.message || error.code || error.name // several addresses at once fail without a message
  if (lasting.test(error.code ?? '')) {
    throw new Problem('unavailable', `${shown(url)} can't be reached: ${reason}`, { cause: error })
  }
  return { reason }
}

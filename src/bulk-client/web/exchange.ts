import http, { type IncomingHttpHeaders } from 'node:http'
import https from 'node:https'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Problem } from '#lib'
import { shown } from './address.ts'

export interface Request {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** How long nothing may come. */
  readonly idleSeconds?: number
}

export interface Answer {
  readonly url: URL
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** As it comes, in the encoding that its head names. */
  readonly body: Readable
}

const agents = {
  'http:': new http.Agent({ keepAlive: true, proxyEnv: process.env }),
  'https:': new https.Agent({ keepAlive: true, proxyEnv: process.env }),
}

/** One request and the head of its answer. Not `fetch`: that takes a gzip stream that breaks off for a whole one. */
export function exchange(url: URL, asked: Request, signal: AbortSignal): Promise<Answer> {
  const { method = 'GET', headers, body, idleSeconds = 120 } = asked
  const protocol = url.protocol as keyof typeof agents
  const { request } = protocol === 'https:' ? https : http
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, signal, agent: agents[protocol], headers: { ...userAgent, ...headers } })
    sent.setTimeout(idleSeconds * 1000, () => sent.destroy(new Error(`nothing came for ${idleSeconds} s`)))
    sent.on('error', reject)
    sent.on('response', (response) => {
      response.on('error', () => {}) // who reads the body hears of it; nobody reads the body of some
      resolve({ url, status: response.statusCode ?? 0, headers: response.headers, body: response })
    })
    sent.end(body)
  })
}

const userAgent = { 'user-agent': 'charthouse-bulk-download' }

/** The content of an answer without its encoding; it fails where the answer breaks off. */
export function contentOf({ headers, url, body }: Answer): Readable {
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding === 'identity' || encoding === '') return body
  if (encoding === 'gzip' || encoding === 'x-gzip') return pipeline(body, createGunzip(), () => {})
  body.destroy()
  throw new Problem('unsupported', `${shown(url)} comes in the encoding "${encoding}": gzip and identity were offered`)
}

const mostTextBytes = 64 * 1024 * 1024

/** The whole content of an answer that is meant to be short. */
export async function textOf(answer: Answer): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of contentOf(answer)) {
    bytes += chunk.length
    if (bytes > mostTextBytes) throw new Problem('too-large', `The answer of ${shown(answer.url)} is too long`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

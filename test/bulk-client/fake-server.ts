/** A small Bulk server whose manners a test chooses: each way in which servers misbehave is an answer of its own. */
import { type KeyObject, verify } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Seen {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** Answers a request; true when it has. `time` counts the requests of this method and path from 1. */
export type Manner = (response: ServerResponse, seen: Seen, time: number) => boolean | undefined | Promise<boolean>

export interface FakeFile {
  readonly type: string
  readonly text: string
  readonly kind?: 'output' | 'deleted' | 'error'
  /** What the manifest says, where that is not so. */
  readonly count?: number
}

export interface Fake extends AsyncDisposable {
  /** Without a slash at its end. */
  readonly base: string
  readonly origin: string
  readonly seen: Seen[]
  /** Replaced by tests. */
  files: FakeFile[]
  manifest: Record<string, unknown>
  /** By "METHOD /path"; what it does not answer is answered as a good server does. */
  readonly manners: Map<string, Manner>
  /** The tokens that are good. */
  readonly tokens: Set<string>
  paths(method: string): string[]
}

export function ndjson(type: string, count: number, from = 0): string {
  return Array.from({ length: count }, (_, at) => `{"resourceType":"${type}","id":"${type}-${from + at}"}\n`).join('')
}

export async function fakeServer(clientKey?: KeyObject): Promise<Fake> {
  const times = new Map<string, number>()
  const server = createServer((request, response) => {
    void answerTo(request, response).catch((error: Error) => json(response, 400, outcome('invalid', `test: ${error}`)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const fake: Fake = {
    base: `${origin}/fhir`,
    origin,
    seen: [],
    files: [],
    manifest: { requiresAccessToken: true },
    manners: new Map(),
    tokens: new Set(['given']),
    paths: (method) => fake.seen.filter((one) => one.method === method).map(({ path }) => path),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }

  async function answerTo(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const seen = await receive(request)
    fake.seen.push(seen)
    const name = `${seen.method} ${seen.path.split('?')[0]}`
    times.set(name, (times.get(name) ?? 0) + 1)
    const isAnswered = await fake.manners.get(name)?.(response, seen, times.get(name) ?? 0)
    if (!isAnswered) answer(response, seen)
  }

  function answer(response: ServerResponse, seen: Seen): true {
    const { method, path, headers } = seen
    const isBearer = fake.tokens.has(headers.authorization?.replace('Bearer ', '') ?? '')
    if (path === '/fhir/.well-known/smart-configuration') {
      return json(response, 200, {
        token_endpoint: `${origin}/token`,
        capabilities: ['permission-v1', 'permission-v2'],
      })
    }
    if (path === '/token') return token(response, seen)
    if (path.startsWith('/files/')) return file(response, seen, isBearer)
    if (!isBearer) return json(response, 401, outcome('login', 'no good token'))
    if (path.includes('$export')) return reply(response, 202, { headers: { 'content-location': `${origin}/status/1` } })
    if (path !== '/status/1') return json(response, 404, outcome('not-found', `${path} is not known`))
    return method === 'DELETE' ? reply(response, 202) : json(response, 200, manifestOf(fake))
  }

  function token(response: ServerResponse, { body }: Seen): true {
    const form = new URLSearchParams(body)
    const fault = clientKey
      ? assertionFault(form.get('client_assertion') ?? '', clientKey, `${origin}/token`)
      : 'no key'
    if (fault) return json(response, 400, { error: 'invalid_client', error_description: fault })
    const text = `made-${fake.tokens.size}`
    fake.tokens.add(text)
    return json(response, 200, { access_token: text, token_type: 'bearer', expires_in: 300, scope: form.get('scope') })
  }

  function file(response: ServerResponse, { path, headers }: Seen, isBearer: boolean): true {
    const found = fake.files[Number(/\d+/.exec(path))]
    if (!found) return json(response, 404, outcome('not-found', 'no such file'))
    if (fake.manifest.requiresAccessToken && !isBearer) return json(response, 401, outcome('login', 'no good token'))
    return sendFile(response, found.text, headers.range)
  }

  return fake
}

export function manifestOf(fake: Fake): Record<string, unknown> {
  const items = (kind: string) =>
    fake.files.flatMap((file, at) =>
      (file.kind ?? 'output') === kind
        ? [
            {
              type: file.type,
              url: `${fake.origin}/files/${at}`,
              count: file.count ?? file.text.split('\n').length - 1,
            },
          ]
        : [],
    )
  return {
    transactionTime: '2026-01-01T00:00:00Z',
    request: `${fake.base}/$export`,
    output: items('output'),
    deleted: items('deleted'),
    error: items('error'),
    ...fake.manifest,
  }
}

/** Range as good servers know it. */
export function sendFile(response: ServerResponse, text: string, range: string | undefined): true {
  if (range === undefined) return reply(response, 200, { headers: ndjsonType, body: text })
  const from = Number(/^bytes=(\d+)-$/.exec(range)?.[1])
  if (from >= text.length) return reply(response, 416)
  const headers = { ...ndjsonType, 'content-range': `bytes ${from}-${text.length - 1}/${text.length}` }
  return reply(response, 206, { headers, body: text.slice(from) })
}

export const ndjsonType = { 'content-type': 'application/fhir+ndjson' }

export function json(
  response: ServerResponse,
  status: number,
  content: object,
  headers: Record<string, string> = {},
): true {
  return reply(response, status, {
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(content),
  })
}

interface Reply {
  readonly headers?: Record<string, string>
  readonly body?: string | Buffer
}

export function reply(response: ServerResponse, status: number, { headers = {}, body = '' }: Reply = {}): true {
  response.writeHead(status, headers).end(body)
  return true
}

export function outcome(code: string, diagnostics: string, severity = 'error'): object {
  return { resourceType: 'OperationOutcome', issue: [{ severity, code, diagnostics }] }
}

async function receive(request: IncomingMessage): Promise<Seen> {
  let body = ''
  for await (const chunk of request) body += chunk
  return { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body }
}

const spent = new Set<string>()

/** What is wrong with an assertion; undefined when a SMART server takes it. Written apart from the client's own code. */
function assertionFault(text: string, key: KeyObject, audience: string): string | undefined {
  const [head = '', body = '', signature = ''] = text.split('.')
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
  const { alg, kid, typ } = read(head)
  const { iss, sub, aud, exp, jti } = read(body)
  if (!kid || typ !== 'JWT' || !['ES384', 'RS384'].includes(alg)) return 'header'
  if (iss !== 'client' || sub !== 'client' || aud !== audience) return 'claims'
  if (exp > Date.now() / 1000 + 300 || exp < Date.now() / 1000) return 'exp'
  if (spent.has(jti)) return 'jti'
  spent.add(jti)
  const options = { key, dsaEncoding: 'ieee-p1363' } as const
  return verify('sha384', Buffer.from(`${head}.${body}`), options, Buffer.from(signature, 'base64url'))
    ? undefined
    : 'signature'
}

import { Agent, request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import type { Request } from './mutations.ts'

export interface Received {
  readonly status: number
  readonly requestId: string | undefined
  readonly contentType: string
  readonly text: string
  readonly milliseconds: number
}

const agent = new Agent({ keepAlive: true, maxSockets: 32 })
const giveUpMs = 60_000

export interface Place {
  readonly port: number
  /** Path of the FHIR base. */
  readonly base: string
}

/** Over a kept connection; what Node's client refuses to send goes as bytes over a connection of its own. */
export async function send(
  place: Place,
  { method, target, headers, body }: Request,
  token: string | undefined,
): Promise<Received> {
  const path = target.startsWith('//') ? target : `${place.base}/${target}`
  const all = { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) }
  const begun = performance.now()
  try {
    return await byClient(place.port, method, path, all, body, begun)
  } catch (error) {
    const { code = '' } = error as { code?: string }
    if (code.startsWith('ERR_') || code === 'ECONNRESET' || code.startsWith('HPE_'))
      return byBytes(place.port, method, path, all, body, performance.now())
    throw error
  }
}

function byClient(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string | undefined,
  begun: number,
): Promise<Received> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { port, host: '127.0.0.1', agent, method, path, headers, timeout: giveUpMs },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', reject)
        answer.on('end', () => {
          const encoding = answer.headers['content-encoding']
          resolve({
            status: answer.statusCode ?? 0,
            requestId: answer.headers['x-request-id'] as string | undefined,
            contentType: answer.headers['content-type'] ?? '',
            text: encoding ? '' : Buffer.concat(chunks).toString(),
            milliseconds: performance.now() - begun,
          })
        })
      },
    )
    request.on('timeout', () =>
      request.destroy(new Error(`no answer within ${giveUpMs} ms: ${method} ${path.slice(0, 500)}`)),
    )
    request.on('error', reject)
    request.on('upgrade', (_answer, socket) => {
      socket.destroy()
      reject(new Error('the server switched protocols'))
    })
    request.end(body)
  })
}

function byBytes(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string | undefined,
  begun: number,
): Promise<Received> {
  const lines = Object.entries({
    host: 'localhost',
    ...headers,
    connection: 'close',
    ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
  })
  const head = `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    const chunks: Buffer[] = []
    socket.setTimeout(giveUpMs, () =>
      socket.destroy(new Error(`no answer within ${giveUpMs} ms: ${head.slice(0, 500)}`)),
    )
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', (error: NodeJS.ErrnoException) =>
      chunks.length > 0 && error.code === 'ECONNRESET' ? finish() : reject(error),
    )
    socket.on('end', finish)
    function finish() {
      const text = Buffer.concat(chunks).toString()
      // "100 Continue" is no answer yet
      const [top = '', ...rest] = text.replace(/^(HTTP\/1.1 1\d\d [^\r]*\r\n\r\n)+/, '').split('\r\n\r\n')
      const field = (name: string) => new RegExp(`^${name}: *(.*)$`, 'im').exec(top)?.[1]?.trim()
      const status = Number(/^HTTP\/1.1 (\d{3})/.exec(top)?.[1] ?? 0)
      const isPlain = field('content-encoding') === undefined && field('transfer-encoding') === undefined
      resolve({
        status,
        requestId: field('x-request-id'),
        contentType: field('content-type') ?? '',
        text: isPlain ? rest.join('\r\n\r\n') : '',
        milliseconds: performance.now() - begun,
      })
    }
    socket.write(head, 'latin1')
    if (body !== undefined) socket.write(body)
  })
}

export function closeConnections() {
  agent.destroy()
}

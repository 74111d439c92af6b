import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { Problem, type ProblemKind } from '#lib'
import type { Report } from '../monitoring/report.ts'
import { fhirReply } from './fhir-replies.ts'

/** What Node's parser gives up on before there is a request. */
const unreadable: Readonly<Record<string, readonly [status: number, kind: ProblemKind, sentence: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'too-large', 'The header lines are larger than this server takes'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'incorrect', 'The request did not arrive in time'],
}

/** Answers what is not HTTP with an OperationOutcome all the same, and closes the connection. */
export function answerUnreadable(report: Report, always: readonly string[]) {
  const lines = always.map((part, i) => (i % 2 === 0 ? `${part}: ` : `${part}\r\n`)).join('')
  return (error: Error & { code?: string }, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
    const [status, kind, sentence] = unreadable[error.code ?? ''] ?? [
      400,
      'incorrect',
      'The request is not HTTP that can be read',
    ]
    const id = randomUUID()
    const problem = new Problem(kind, sentence)
    const request = { event: 'refusal', request: id, practice: undefined, client: undefined, user: undefined } as const
    report({ ...request, interaction: 'none', kind, issue: error.code, expression: [] })
    if (/^ERR_(?:SSL|TLS)_/.test(error.code ?? '')) return void socket.destroy() // no handshake, so nothing to read there
    const body = JSON.stringify(fhirReply(problem, id, undefined).body)
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/fhir+json; charset=utf-8\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\nX-Request-Id: ${id}\r\n${lines}Connection: close\r\n\r\n${body}`,
    )
  }
}

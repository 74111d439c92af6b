import { pipeline } from 'node:stream/promises'
import type { FastifyReply } from 'fastify'
import type { Answer, Call, Flow } from '../call.ts'
import { compressed, encodingFor } from './compressed.ts'
import { originFields } from './cross-origin.ts'
import { formatOf } from './formats.ts'
import { httpDate } from './http-date.ts'
import { prettyJson } from './pretty-json.ts'
import { isUnchanged } from './validators.ts'

interface Sending {
  readonly reply: FastifyReply
  /** Fields of every answer. */
  readonly always: readonly string[]
}

/**
 * Sends the answer of a route. The fields go to Node's response in one flat list: Fastify would look at each of them
 * several times, and a read costs little else. A promise only while it compresses, or as long as a file flows.
 */
export function send(call: Call, answer: Answer, { reply, always }: Sending): void | Promise<void> {
  const [fields, isHeld] = start(call, answer)
  fields.push(...always)
  if (isHeld) return write(reply, 304, fields, undefined)
  if (answer.content) return sendContent(answer.content, fields, reply)
  if (answer.flow) return sendFlow(answer.flow, { call, status: answer.status ?? 200, fields, reply })
  if (answer.body === undefined) {
    const status = answer.status ?? 204
    // https://www.rfc-editor.org/rfc/rfc9110#section-8.6-8: 204 has no length, others have one of nothing
    if (status !== 204) fields.push('content-length', '0')
    return write(reply, status, fields, undefined)
  }
  const status = answer.status ?? 200
  const body = call.isPretty ? prettyJson(answer.body) : answer.body
  fields.push('content-type', answer.type ?? contentTypes[formatOf(call)])
  const encoding = encodingFor(call.headers['accept-encoding'], body.length)
  if (!encoding) return write(reply, status, fields, body)
  fields.push('content-encoding', encoding)
  return compressed(body, encoding).then((bytes) => write(reply, status, fields, bytes))
}

/**
 * Sends a file. Somebody else made it, so no browser shows it as a page of ours: it is saved, not opened, and what opens it
 * all the same runs no script and has no origin (S-16).
 */
function sendContent({ type, bytes }: NonNullable<Answer['content']>, fields: string[], reply: FastifyReply) {
  fields.push('content-disposition', 'attachment', 'content-security-policy', "default-src 'none'; sandbox")
  fields.push('content-type', type)
  write(reply, 200, fields, bytes)
}

interface Flowing {
  readonly call: Call
  readonly status: number
  readonly fields: string[]
  readonly reply: FastifyReply
}

/** A client that takes nothing for so long is gone. */
const idleMs = 120_000

/** Sends a file as fast as the client takes it; resolves at its end, or when the client or the file is gone. */
async function sendFlow({ type, length, open }: Flow, { call, status, fields, reply }: Flowing) {
  const { raw } = reply
  // before the first byte: what cannot be opened is a refusal like any other
  const stream = call.method === 'HEAD' ? undefined : await open()
  fields.push('content-type', type, 'content-length', String(length))
  raw.writeHead(status, fields)
  reply.hijack()
  if (!stream) return void raw.end()
  if (raw.destroyed) return void stream.destroy() // who asked is gone, and of that no pipeline hears any more
  raw.setTimeout(idleMs, () => raw.destroy())
  await pipeline(stream, raw).catch(() => raw.destroy())
}

/** The fields of any answer, and whether the client holds it already. */
function start({ headers, method, requestId }: Call, answer: Answer): readonly [fields: string[], isHeld: boolean] {
  const { version, updated } = answer
  const etag = version === undefined ? undefined : `W/"${version}"`
  const modified = updated === undefined ? undefined : httpDate(updated)
  const fields = ['x-request-id', requestId, ...(answer.isFleeting ? fleeting : kept), ...originFields(headers.origin)]
  if (etag) fields.push('etag', etag)
  if (modified) fields.push('last-modified', modified.text)
  for (const [name, value] of Object.entries<string>(answer.headers ?? none)) fields.push(name, value)
  const isRead = method === 'GET' || method === 'HEAD'
  return [fields, isRead && isUnchanged(headers, etag, modified?.seconds)]
}

/** A field that cannot be sent throws while the reply is Fastify's still, which then answers with the fault. */
function write(reply: FastifyReply, status: number, fields: string[], body: string | Buffer | undefined) {
  const { raw } = reply
  if (body !== undefined) fields.push('content-length', String(Buffer.byteLength(body)))
  raw.writeHead(status, fields)
  reply.hijack()
  raw.end(body)
}

/** What belongs to a patient is kept by nobody on the way, and asked for again by who keeps it. */
const kept = ['cache-control', 'private, no-cache']

const fleeting = ['cache-control', 'no-store']

const none = {}

const contentTypes = {
  'application/fhir+json': 'application/fhir+json; charset=utf-8',
  'application/json': 'application/json; charset=utf-8',
}

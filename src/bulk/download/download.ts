import { outcome } from '#fhir'
import type { Answer, Call } from '#http'
import { Problem } from '#lib'
import type { Export, ExportFile } from '../export.ts'
import { type Exporter, exporterOf } from '../exporter.ts'
import type { ExportFace } from '../face.ts'
import { fileNamed } from '../records/files-store.ts'
import { exportNamed, ownExport, refuseExpired } from '../status/own-export.ts'
import { byteRange } from './byte-range.ts'
import { type Content, contentOf } from './content.ts'
import { checkRights } from './rights.ts'
import { isTicketFor } from './ticket.ts'

interface FilePlace {
  readonly id: string
  readonly name: string
}

/** A file of an export, or a part of it. https://hl7.org/fhir/uv/bulkdata/export.html#bulk-data-output-file-request */
export async function download(face: ExportFace, call: Call, place: FilePlace): Promise<Answer> {
  const ticket = ticketIn(call.parameters)
  const found = ticket === undefined ? byToken(face, call, place) : byTicket(face, call, { ...place, ticket })
  const { exported, exporter } = await found.catch((error) => refuseMissing(call, error))
  const file = await theFile(face, exported, place.name).catch((error) => refuseMissing(call, error))
  await checkRights(face, call.practice, { exported, file, exporter })
  const content = contentOf(exported.id, file, call.headers['accept-encoding'])
  const range = rangeAsked(call, content)
  if (range === 'unsatisfiable') return unsatisfiable(content)
  if (call.method !== 'HEAD') {
    const { practice, requestId: request } = call
    const event = { event: 'export', change: 'file-sent', request, practice: practice.id, id: exported.id } as const
    const { client, user } = exporter.principal
    face.report({
      ...event,
      client,
      user,
      exportLevel: exported.request.level,
      file: file.name,
      isByTicket: ticket !== undefined,
    })
  }
  return sent(face, { file, content, range })
}

export function ticketIn(parameters: Call['parameters']): string | undefined {
  return parameters.find(([name]) => name === 'ticket')?.[1]
}

async function byToken(face: ExportFace, call: Call, { id }: FilePlace) {
  const own = await ownExport(face, call, id)
  refuseExpired(own.exported)
  return own
}

/** The app that the export is of counts as who asks. */
async function byTicket(
  face: ExportFace,
  { practice }: Call,
  { id, name, ticket }: FilePlace & { readonly ticket: string },
): Promise<{ readonly exported: Export; readonly exporter: Exporter }> {
  const exported = await exportNamed(face, practice, id)
  const isKnown = exported?.shape.isOpen === true && exported.state !== 'deleted'
  if (!isKnown || !isTicketFor(face.ticketKey, { practice: practice.number, id, name }, ticket, face.now())) {
    if (exported?.state === 'expired') refuseExpired(exported)
    throw new Problem('not-found', 'The file is not known: its address has changed, or its export was deleted')
  }
  refuseExpired(exported)
  return { exported, exporter: await exporterOf(face, practice, exported.principal) }
}

/** The name is looked up among the export's, and is never a path (S-18). */
async function theFile(
  { db }: ExportFace,
  { practice, id, state, request }: Export,
  name: string,
): Promise<ExportFile> {
  const isThere = state === 'done' || (state === 'running' && request.isPartial)
  const file = isThere && /^[\w.-]{1,128}$/.test(name) ? await fileNamed(db, practice, id, name) : undefined
  if (!file) throw new Problem('not-found', 'The file is not known: the export has none of this name')
  return file
}

/** C15 of specs/seeds.md. */
function refuseMissing({ practice }: Call, error: unknown): never {
  const code = practice.dialect.export.missingFileCode
  const isMissing = error instanceof Problem && (error.kind === 'not-found' || error.kind === 'gone')
  if (code === undefined || !isMissing) throw error
  throw new Problem('forbidden', code, { cause: error })
}

/** https://www.rfc-editor.org/rfc/rfc9110#name-if-range: a part of other bytes is of no use. */
function rangeAsked({ headers }: Call, { etag, length }: Content) {
  const held = headers['if-range']
  return held === undefined || held === etag ? byteRange(headers.range, length) : undefined
}

function unsatisfiable({ length }: Content): Answer {
  const told = outcome(
    'error',
    'value',
    `The file has ${length} bytes: the header "Range" asks for what is behind its end`,
  )
  const headers = { 'content-range': `bytes */${length}` }
  return { status: 416, headers, type: 'application/fhir+json; charset=utf-8', body: JSON.stringify(told) }
}

interface Sent {
  readonly file: ExportFile
  readonly content: Content
  readonly range: { readonly start: number; readonly end: number } | undefined
}

function sent({ files }: ExportFace, { file, content, range }: Sent): Answer {
  const { etag, length, isPacked } = content
  const part = range ?? { start: 0, end: length }
  return {
    status: range ? 206 : 200,
    headers: {
      etag,
      'accept-ranges': 'bytes',
      'content-disposition': `attachment; filename="${file.name}"`,
      'content-security-policy': "default-src 'none'; sandbox",
      ...(isPacked && { 'content-encoding': 'gzip' }),
      ...(range && { 'content-range': `bytes ${range.start}-${range.end - 1}/${length}` }),
    },
    flow: {
      type: typeOf(file),
      length: part.end - part.start,
      open: async () => content.open(await files(), part),
    },
  }
}

/** That of an attachment is what the resource says, which may be anything. */
function typeOf({ kind, type }: ExportFile): string {
  if (kind !== 'attachment') return 'application/fhir+ndjson'
  return /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(;[ -~]*)?$/.test(type) ? type : 'application/octet-stream'
}

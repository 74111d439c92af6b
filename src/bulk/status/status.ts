import { STATUS_CODES } from 'node:http'
import { outcome } from '#fhir'
import type { Answer, Call } from '#http'
import type { ProblemKind } from '#lib'
import { statusAddress } from '../addresses.ts'
import { filePlaces } from '../download/file-places.ts'
import type { Export } from '../export.ts'
import { checkExport } from '../exporter.ts'
import type { ExportFace } from '../face.ts'
import { notePoll } from '../records/exports-store.ts'
import { filesOf } from '../records/files-store.ts'
import { manifest3 } from './manifest-3.ts'
import { ownExport, refuseExpired } from './own-export.ts'
import { type Page, pageOf } from './pages.ts'
import { progressText } from './progress-text.ts'
import { countEarly, retryAfter, secondsToWait } from './waiting.ts'

/** Clients rely on being told to wait first (B9). */
const leastMs = 300

/** How far an export is, and in the end its manifest. https://hl7.org/fhir/uv/bulkdata/export.html#bulk-data-status-request */
export async function status(face: ExportFace, call: Call, id: string): Promise<Answer> {
  const { exported, exporter } = await ownExport(face, call, id)
  refuseExpired(exported)
  checkExport(exporter, exported.request)
  const answer = await stateOf(face, call, exported)
  return exported.request.isSeparate ? separated(answer) : answer
}

async function stateOf(face: ExportFace, call: Call, exported: Export): Promise<Answer> {
  if (exported.asOf - exported.created < leastMs) return running(face, call, exported)
  if (exported.state === 'failed') return failed(exported)
  const isDone = exported.state === 'done'
  if (!isDone && !exported.request.isPartial) return running(face, call, exported)
  const files = await filesOf(face.db, exported.practice, exported.id)
  const page = exported.request.isPartial
    ? await pageOf(face.db, exported, { n: pageAsked(call), files })
    : { files, next: undefined }
  if (isDone && page) return { ...manifest(face, call, { exported, page }), status: 200 }
  if (!page || exported.t === undefined) return running(face, call, exported)
  return { ...manifest(face, call, { exported, page }), status: 202, headers: progressOf(call, exported) }
}

async function running({ db }: ExportFace, call: Call, exported: Export): Promise<Answer> {
  const seconds = secondsToWait(exported)
  await notePoll(db, exported.practice, exported.id, { seconds, early: countEarly(exported, seconds) })
  return { status: 202, isFleeting: true, headers: progressOf(call, exported) }
}

function progressOf({ practice }: Call, exported: Export) {
  return {
    'retry-after': String(retryAfter(practice, secondsToWait(exported))),
    'x-progress': progressText(practice.dialect.export.progress, exported),
  }
}

/** What the client can do something about; all else is a failure of the server, for good: no 503 that a client would repeat. */
const ofClient: Partial<Record<ProblemKind, { readonly status: number; readonly issue: string }>> = {
  forbidden: { status: 403, issue: 'forbidden' },
  incorrect: { status: 400, issue: 'invalid' },
  invalid: { status: 422, issue: 'processing' },
}

/** Not the poll has failed, so nothing is reported. */
function failed({ problem = 'fault', sentence }: Export): Answer {
  const { status: code, issue } = ofClient[problem] ?? { status: 500, issue: 'exception' }
  const told = outcome('fatal', issue, sentence ?? 'The export failed')
  return { status: code, isFleeting: true, type: fhirJson, body: JSON.stringify(told) }
}

interface Told {
  readonly exported: Export
  readonly page: Page
}

function manifest(face: ExportFace, { practice }: Call, { exported, page: { files, next } }: Told): Answer {
  const { t = 0, expires } = exported
  const { addressOf } = filePlaces(face, practice, exported)
  const link = next === undefined ? undefined : `${statusAddress(practice, exported)}?page=${next}`
  return {
    isFleeting: true,
    type: 'application/json',
    body: JSON.stringify(manifest3({ exported, t, files, addressOf, next: link })),
    ...(expires !== undefined && { headers: { expires: new Date(expires).toUTCString() } }),
  }
}

/** `separate-export-status`: the poll has gone well, and the header says how the export has. */
function separated(answer: Answer): Answer {
  const { status: code = 200, headers } = answer
  return { ...answer, status: 200, headers: { ...headers, 'x-export-status': `${code} ${STATUS_CODES[code]}` } }
}

/** Which manifest; what is no number is the first. */
function pageAsked({ parameters }: Call): number {
  const asked = parameters.find(([name]) => name === 'page')?.[1] ?? '1'
  return /^[1-9]\d{0,5}$/.test(asked) ? Number(asked) : 1
}

const fhirJson = 'application/fhir+json; charset=utf-8'

/**
 * Electronic health information as files, for administrators (45 CFR 170.315(b)(10)): all of a practice or one patient's
 * record, in the state at T. Texts go out as they are stored, one in memory at a time; attachments lie beside them as files.
 * Every file has its name once it is complete, and the manifest comes last: without it the folder holds no export.
 */
import { join } from 'node:path'
import { seeAll } from '#access'
import type { Database } from '#db'
import { instantText, ownershipOf, resourceTypes } from '#fhir'
import {
  earlierVersions,
  greatest,
  type IndexScope,
  type LinePlace,
  least,
  linesOf,
  recordAt,
  stateAt,
  takeT,
} from '#store'
import { attachmentsIn } from './attachments.ts'
import { manifestName, prepareFolder } from './folder.ts'
import { type FileEntry, typeFiles } from './type-files.ts'
import { writtenFile } from './written-file.ts'

export interface EhiExporting {
  readonly db: Database
  readonly scope: IndexScope
  readonly folder: string
  /** Of one patient; else of all. */
  readonly patient?: string | undefined
  readonly withHistory: boolean
  readonly isOverwritten: boolean
  /** Of the practice, for the manifest. */
  readonly practice: { readonly id: string; readonly name: string }
  /** For the reader, as HTML. */
  readonly readme: (manifest: EhiManifest) => string
  readonly progress: (resources: number) => void
  readonly signal: AbortSignal
}

export interface EhiManifest {
  readonly format: string
  readonly specification: string
  readonly fhirVersion: string
  readonly practice: EhiExporting['practice']
  readonly patient?: string
  /** The instant whose state it is. */
  readonly transactionTime: string
  readonly resources: readonly FileEntry[]
  readonly attachments: { readonly count: number; readonly bytes: number; readonly index: Omit<FileEntry, 'type'> }
  readonly history?: readonly FileEntry[]
  readonly deleted?: Omit<FileEntry, 'type'>
}

/** The audit trail is no part of a record: it has an export of its own. */
const exportedTypes = resourceTypes.filter((type) => ownershipOf(type)?.class !== 'audit')

export async function exportEhi(exporting: EhiExporting): Promise<EhiManifest> {
  const { folder, practice, patient, withHistory, isOverwritten, readme } = exporting
  await prepareFolder(folder, isOverwritten)
  const { t, ...written } = await writeState(exporting)
  const manifest: EhiManifest = {
    format: 'HL7 FHIR R4, NDJSON',
    specification: 'https://hl7.org/fhir/R4/',
    fhirVersion: '4.0.1',
    practice,
    ...(patient !== undefined && { patient: `Patient/${patient}` }),
    transactionTime: instantText(t),
    ...written,
    ...(withHistory && (await writeHistory(exporting, t))),
  }
  await writeText(join(folder, 'README.html'), readme(manifest))
  await writeText(join(folder, manifestName), `${JSON.stringify(manifest, undefined, 2)}\n`)
  return manifest
}

async function writeText(path: string, text: string) {
  const file = await writtenFile(path)
  await file.write(text)
  await file.finish()
}

/** Tells each text of the state at T, which it answers. */
type Reader = (exporting: EhiExporting, onText: (type: string, text: string) => Promise<void>) => Promise<number>

async function writeState(exporting: EhiExporting) {
  const { folder, patient, progress } = exporting
  const files = typeFiles(folder, 'resources')
  const indexFile = await writtenFile(join(folder, 'attachments.ndjson'))
  const attachments = attachmentsIn(folder, indexFile)
  let resources = 0
  const read: Reader = patient === undefined ? readPractice : readPatient
  const t = await read(exporting, async (type, text) => {
    await files.add(type, text)
    await attachments.add(text)
    progress(++resources)
  })
  const { count, bytes } = attachments
  const index = { path: 'attachments.ndjson', count, ...(await indexFile.finish()) }
  return { t, resources: await files.finish(), attachments: { count, bytes, index } }
}

const linesAtOnce = 10_000

/** In chunks behind each other, without a transaction that stays open: nothing is stamped up to T any more. */
const readPractice: Reader = async ({ db, scope: { practice }, signal }, onText) => {
  const t = await db.transaction((transaction) => takeT(transaction, practice))
  for (const type of exportedTypes) {
    const selection = { type, of: 'all', lo: least, hi: greatest } as const
    let after: LinePlace | undefined
    let lines = linesAtOnce
    while (lines === linesAtOnce) {
      const asked = { practice, id: '', t, selection, hidden: [], after, limit: linesAtOnce }
      const read = await linesOf(
        db,
        asked,
        ({ bytes, start, end }) => onText(type, bytes.toString('utf8', start, end)),
        signal,
      )
      lines = read.lines
      after = read.last
    }
  }
  return t
}

/** What the patient owns, and what it refers to. */
const readPatient: Reader = ({ db, scope, patient = '', signal }, onText) =>
  stateAt(db, scope.practice, async (reading, t) => {
    for await (const rows of recordAt(reading, scope, seeAll, patient)) {
      signal.throwIfAborted()
      for (const { type, body } of rows) await onText(type, body)
    }
    return t
  })

async function writeHistory({ db, scope: { practice }, folder, patient, signal }: EhiExporting, t: number) {
  const files = typeFiles(folder, 'history')
  const deletedFile = await writtenFile(join(folder, 'deleted.ndjson'))
  let count = 0
  for (const type of exportedTypes) {
    await earlierVersions(db, { practice, type, t, patient, signal }, ({ id, stamp, body }) => {
      if (body !== undefined) return files.add(type, body)
      count++
      return deletedFile.write(`${JSON.stringify(deletion(`${type}/${id}`, stamp))}\n`)
    })
  }
  const deleted = { path: 'deleted.ndjson', count, ...(await deletedFile.finish()) }
  return { history: await files.finish(), deleted }
}

/** https://hl7.org/fhir/R4/http.html#history */
function deletion(url: string, stamp: number) {
  const response = { status: '204', lastModified: instantText(stamp) }
  return { resourceType: 'Bundle', type: 'history', entry: [{ request: { method: 'DELETE', url }, response }] }
}

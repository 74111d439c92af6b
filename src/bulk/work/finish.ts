/** The last step: what was deleted, what was left out, and the end of the work. */
import { randomBytes } from 'node:crypto'
import type { See } from '#access'
import { cancellable } from '#db'
import { outcome, ownershipOf } from '#fhir'
import { type Cohort, deletionsOf, typesDeleted } from '#store'
import { addFiles, type NewFile } from '../records/files-store.ts'
import { noticesOf } from '../records/notices-store.ts'
import { forgetWork, noteDone } from '../records/parts-store.ts'
import { queueExpiry } from '../records/remove-store.ts'
import { lockTurns, startNext } from '../records/start-store.ts'
import { cohortOf } from './beginning/choose.ts'
import { createNdjson, type NdjsonFile } from './files/file-writer.ts'
import { seenAsBefore } from './seen.ts'
import type { Walk } from './walk.ts'

export async function finish(walk: Walk, access: string): Promise<void> {
  const { parts, exported, step, places } = walk
  const { practice, id, shape } = exported
  const see = await seenAsBefore(parts, exported, access)
  const deleted = new Lines(walk, 'deleted', 'Bundle')
  const errors = new Lines(walk, 'error', 'OperationOutcome')
  try {
    await writeDeletions(walk, see, deleted)
    for (const { severity, code, sentence } of await noticesOf(parts.db, practice, id)) {
      await errors.line(JSON.stringify(outcome(severity, code, sentence)))
    }
    const files = [...(await deleted.finish()), ...(await errors.finish())]
    await parts.db.transaction(async (transaction) => {
      await lockTurns(transaction, practice) // before the job is
      await step.save({}, transaction)
      await addFiles(transaction, practice, id, { files, nameOf: places.nameOf })
      await noteDone(transaction, practice, id, shape.expiryHours)
      await queueExpiry(transaction, practice, id, shape.expiryHours)
      await startNext(transaction, practice)
    })
  } catch (error) {
    await Promise.all([deleted.abort(), errors.abort()])
    throw error
  }
  await forgetWork(parts.db, practice, id)
}

const entriesOfBundle = 1000

/** https://hl7.org/fhir/uv/bulkdata/export.html#response---complete-status: transaction Bundles of DELETE entries. */
async function writeDeletions({ parts, exported, step }: Walk, see: See, deleted: Lines): Promise<void> {
  const { practice, id, t, request } = exported
  const { since, until, types } = request
  if (since === undefined) return
  const cohort = cohortOf(exported)
  const db = cancellable(parts.db, step.signal)
  const place = { practice, t, since, types: types.filter((type) => isTold(cohort, type)) }
  for (const type of await db.transaction((transaction) => typesDeleted(transaction, place))) {
    for (let after = '0'; ; ) {
      const asked = { practice, id, t, since, until, type, cohort, see, after, limit: entriesOfBundle }
      const found = await db.transaction((transaction) => deletionsOf(transaction, asked))
      if (found.length > 0) await deleted.line(bundleOf(type, found))
      const last = found.at(-1)
      if (!last || found.length < entriesOfBundle) break
      after = last.rid
    }
  }
}

/** Of what is nobody's own it cannot be told whether it was in the export of a group. */
function isTold(cohort: Cohort, type: string): boolean {
  const kind = ownershipOf(type)?.class
  if (cohort === 'members') return kind === 'owned' || kind === 'patient'
  return kind !== 'audit' && (cohort === 'everybody' || kind !== 'kept')
}

function bundleOf(type: string, deleted: readonly { readonly id: string }[]): string {
  const entry = deleted.map(({ id }) => ({ request: { method: 'DELETE', url: `${type}/${id}` } }))
  return JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry })
}

/** Lines that are made here, in files like any others. */
class Lines {
  readonly #walk: Walk
  readonly #kind: NewFile['kind']
  readonly #type: string
  readonly #made: NewFile[] = []
  #file: NdjsonFile | undefined

  constructor(walk: Walk, kind: NewFile['kind'], type: string) {
    this.#walk = walk
    this.#kind = kind
    this.#type = type
  }

  async line(text: string): Promise<void> {
    const { parts, folder, exported } = this.#walk
    const { mostLines, mostBytes, isGzipped } = exported.shape
    const bytes = Buffer.from(text)
    if (this.#file && (this.#file.lines >= mostLines || this.#file.bytes + bytes.length > mostBytes))
      await this.#close()
    this.#file ??= await createNdjson(parts, `${folder}/${randomBytes(8).toString('hex')}.ndjson`, isGzipped)
    await this.#file.line(bytes, 0, bytes.length)
  }

  async #close(): Promise<void> {
    const file = this.#file
    if (!file) return
    const storedBytes = await file.finish()
    this.#file = undefined
    const { stored, lines, bytes } = file
    const { isGzipped } = this.#walk.exported.shape
    this.#made.push({
      kind: this.#kind,
      type: this.#type,
      stored,
      lines,
      bytes,
      storedBytes,
      ...(isGzipped && { encoding: 'gzip' }),
    })
  }

  async finish(): Promise<readonly NewFile[]> {
    await this.#close()
    return this.#made
  }

  async abort(): Promise<void> {
    await this.#file?.abort()
  }
}

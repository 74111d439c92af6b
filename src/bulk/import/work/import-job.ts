/**
 * The job of an import. A run loads one file, whole, notes what came of it and gives the job back for the next one, so that
 * others have their turn. A file whose source fails is opened again from its beginning: what is there already is found
 * unchanged.
 */
import { type Job, Postponed, type Work } from '#jobs'
import { Problem } from '#lib'
import type { ImportOptions } from '../options.ts'
import { type Import, type ImportFile, importKind } from '../records/import.ts'
import { endImport, findImport } from '../records/imports-store.ts'
import { finishInput, inputsOf } from '../records/inputs-store.ts'
import { roomFor } from './input-bytes.ts'
import { type Loaded, loadInput } from './load-input.ts'

interface Payload {
  readonly import: string
}

/** What the status tells while a file is loaded. */
export interface ImportProgress {
  readonly n: number
  readonly loaded: number
}

const progressMs = 1000

export function importJob(options: ImportOptions): Job<Payload> {
  return {
    name: importKind,
    payload: readPayload,
    async run(work) {
      const { db } = options
      const asked = await findImport(db, work.practice, work.payload.import)
      if (asked?.state !== 'running') return
      const inputs = await inputsOf(db, asked.practice, asked.id)
      const [input, ...others] = inputs.filter(({ isDone }) => !isDone)
      if (!input) return
      const taken = inputs.reduce((sum, { bytes }) => sum + bytes, 0)
      const loaded = await loadNext(options, work, { asked, input, taken })
      await finish(db, work, { asked, loaded, isLast: others.length === 0 })
      if (others.length > 0) throw new Postponed('The next file has its turn', 0)
    },
    async failed({ practice, payload }, { sentence }, transaction) {
      await endImport(transaction, practice, payload.import, { state: 'failed', sentence })
    },
  }
}

interface Next {
  readonly asked: Import
  readonly input: ImportFile
  /** Bytes of the files before. */
  readonly taken: number
}

async function loadNext(options: ImportOptions, work: Work, { asked, input, taken }: Next): Promise<Loaded> {
  const { n, type } = input
  const place = await options.placeOf(asked.practice, asked.principal)
  let savedAt = performance.now()
  const progress = (loaded: number) => {
    if (performance.now() - savedAt < progressMs) return
    savedAt = performance.now()
    void work.save({ n, loaded } satisfies ImportProgress).catch(() => {}) // the run ends by its signal
  }
  try {
    const room = roomFor(place.mostGigabytes, taken)
    return await loadInput(options, { asked, input, room, signal: work.signal, progress })
  } catch (error) {
    work.signal.throwIfAborted()
    if (!(error instanceof Problem)) throw error
    throw new Problem(error.kind, `The file ${n} (${type}) cannot be loaded: ${error.message}`, { cause: error })
  }
}

interface Ended {
  readonly asked: Import
  readonly isLast: boolean
  readonly loaded: Loaded
}

/** What came of a file is noted under the lease: of two workers one does. */
function finish(db: ImportOptions['db'], work: Work, { asked, isLast, loaded }: Ended): Promise<void> {
  const { practice, id } = asked
  return db.transaction(async (transaction) => {
    await finishInput(transaction, practice, id, loaded)
    if (isLast) await endImport(transaction, practice, id, { state: 'done' })
    await work.save({}, transaction)
  })
}

function readPayload(stored: unknown): Payload {
  const { import: id } = stored as Partial<Payload>
  if (typeof id !== 'string') throw new Problem('incorrect', 'The job of an import does not say of which')
  return { import: id }
}

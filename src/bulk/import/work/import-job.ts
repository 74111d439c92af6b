/**
 * The job of an import. A run loads one file, notes what came of it and gives the job back for the next one. Within a file,
 * too, others that wait have their turn: the place is kept, and the next run opens the file again and goes on behind it. A
 * file whose source fails is loaded again from the last such place: what is there already is found unchanged.
 */
import { type Job, Postponed, type Work } from '#jobs'
import { Problem } from '#lib'
import type { ImportOptions } from '../options.ts'
import { type Import, type ImportFile, importKind } from '../records/import.ts'
import { endImport, findImport } from '../records/imports-store.ts'
import { finishInput, inputsOf } from '../records/inputs-store.ts'
import { type Loaded, loadInput, type Reached, type Run } from './load-input.ts'

interface Payload {
  readonly import: string
}

export interface ImportProgress {
  /** The file that is being loaded. */
  readonly n: number
  /** What the status tells. */
  readonly loaded: number
  /** Where it goes on. */
  readonly reached?: Reached | undefined
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
      const run = await loadNext(options, work, { asked, input, taken })
      if (run.isPaused) {
        const { reached } = run
        await work.save({ n: input.n, loaded: reached.loaded, reached } satisfies ImportProgress)
        throw new Postponed('Others have their turn', 0)
      }
      await finish(db, work, { asked, loaded: run.loaded, isLast: others.length === 0 })
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

async function loadNext(options: ImportOptions, work: Work, { asked, input, taken }: Next): Promise<Run> {
  const { n, type } = input
  const kept = work.progress as Partial<ImportProgress>
  const { reached: from, loaded: before = 0 } = kept.n === n ? kept : {}
  let [savedAt, told, saving] = [performance.now(), before, Promise.resolve()]
  // what was loaded by an earlier run is no progress, or a source that always breaks off there would be tried for ever
  const progress = (loaded: number) => {
    if (loaded <= told || performance.now() - savedAt < progressMs) return
    savedAt = performance.now()
    told = loaded
    saving = work.save({ n, loaded, reached: from } satisfies ImportProgress).catch(() => {}) // the run ends by its signal
  }
  try {
    return await loadInput(options, { asked, input, from, taken, signal: work.signal, progress })
  } catch (error) {
    work.signal.throwIfAborted()
    if (!(error instanceof Problem)) throw error
    throw new Problem(error.kind, `The file ${n} (${type}) cannot be loaded: ${error.message}`, { cause: error })
  } finally {
    await saving // before anything else is saved
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

/** The jobs that exports are made of, each a step; docs/decisions/0017-exports.md tells how they follow each other. */
import type { Transaction } from '#db'
import type { Failure, Job, Work } from '#jobs'
import type { Export } from '../export.ts'
import { findExport } from '../records/exports-store.ts'
import { accessAtBegin, type ExportJob, exportKind, findPart, noteFailed, queueStep } from '../records/parts-store.ts'
import { queueRemoval } from '../records/remove-store.ts'
import { lockTurns, startNext } from '../records/start-store.ts'
import { begin } from './beginning/begin.ts'
import { filtersOf } from './beginning/filters.ts'
import { finish } from './finish.ts'
import { References } from './lines/references.ts'
import { runPart } from './part.ts'
import type { ExportParts } from './parts.ts'
import { addReferenced, sharedTypes } from './referenced.ts'
import { folderOf, type Walk } from './walk.ts'

export function exportJob(parts: ExportParts): Job<ExportJob> {
  return {
    name: exportKind,
    payload: (stored) => stored as ExportJob,
    async run(work) {
      if (work.payload.step === 'failed') return cleanUp(parts, work)
      const exported = await findExport(parts.db, work.practice, work.payload.export)
      if (exported?.state !== 'running') return // it has ended meanwhile
      await runStep(parts, exported, work)
    },
    failed: ({ practice, payload }, why, transaction) => failExport(transaction, practice, payload.export, why),
  }
}

async function runStep(parts: ExportParts, exported: Export, work: Work<ExportJob>): Promise<void> {
  const { step, n = 0 } = work.payload
  const { practice, id, t, request } = exported
  if (step === 'begin') return t === undefined ? begin(parts, exported, work) : undefined
  const access = await accessAtBegin(parts.db, practice, id)
  if (t === undefined || access === undefined) throw new TypeError('an export goes on that has not begun')
  const part = step === 'part' ? await findPart(parts.db, practice, id, n) : undefined
  if (part?.isDone) return
  const scope = await parts.scopeOf(practice)
  const walk: Walk = {
    ...{ parts, n, step: work, at: 0, exported: { ...exported, t }, folder: folderOf(exported) },
    places: await parts.placesOf(exported),
    references: part?.work.collects ? new References(new Set(sharedTypes(request.types)), scope.bases) : undefined,
  }
  if (part) return runPart(walk, part.work, access)
  if (step === 'finish') return finish(walk, access)
  if (work.progress.noted !== true) return addReferenced(walk, access, filtersOf(request, scope))
}

/**
 * The job of the step that failed is locked here, so nothing else is that somebody holds who waits for it: neither the jobs
 * of other parts nor the practice's turns.
 */
async function failExport(transaction: Transaction, practice: number, id: string, why: Failure): Promise<void> {
  if (await noteFailed(transaction, practice, id, why))
    await queueStep(transaction, practice, { export: id, step: 'failed' })
}

/** The other parts of an export that failed end, what it wrote is removed, and the next one has its turn. */
function cleanUp({ db }: ExportParts, { practice, payload }: Work<ExportJob>): Promise<void> {
  return db.transaction(async (transaction) => {
    await lockTurns(transaction, practice)
    await queueRemoval(transaction, practice, payload.export)
    await startNext(transaction, practice)
  })
}

/** What administrators see of exports and imports, whosever they are, and ending one. */
import type { Database } from '#db'
import type { ExportRequest } from './export.ts'
import { deleteImport, findImport, listImports } from './import/records/imports-store.ts'
import { inputsOf } from './import/records/inputs-store.ts'
import { deleteExport } from './records/deletion-store.ts'
import { findExport, listExports } from './records/exports-store.ts'
import { filesOf } from './records/files-store.ts'

export interface BulkWork {
  readonly what: 'export' | 'import'
  readonly id: string
  readonly client: string
  readonly level: ExportRequest['level']
  readonly state: string
  /** 0 to 1. */
  readonly progress: number
  readonly files: number
  /** When it began to wait; of one that has ended, when it ended. Milliseconds since 1970. */
  readonly since: number
  readonly sentence?: string | undefined
}

/** What has not ended, and what ended after `ended` (milliseconds since 1970); the newest first. */
export async function listBulkWork(db: Database, practice: number, ended: number): Promise<BulkWork[]> {
  const isShown = (work: { readonly ended?: number }) => (work.ended ?? Number.POSITIVE_INFINITY) > ended
  const listed: BulkWork[] = []
  for (const one of (await listExports(db, practice)).filter(isShown)) {
    const { id, client, state, progress, created, sentence, request } = one
    const files = (await filesOf(db, practice, id)).length
    const since = one.ended ?? created
    listed.push({ what: 'export', id, client, level: request.level, state, progress, files, since, sentence })
  }
  for (const one of (await listImports(db, practice)).filter(isShown)) {
    const { id, client, state, created, sentence } = one
    const inputs = await inputsOf(db, practice, id)
    const progress = inputs.filter(({ isDone }) => isDone).length / Math.max(1, inputs.length)
    const since = one.ended ?? created
    listed.push({ what: 'import', id, client, level: 'system', state, progress, files: inputs.length, since, sentence })
  }
  return listed.sort((a, b) => b.since - a.since)
}

/** As DELETE of its status by its client does; undefined: there is none of this id, or it was deleted before. */
export function endBulkWork(db: Database, practice: number, id: string): Promise<BulkWork['what'] | undefined> {
  return db.transaction(async (transaction) => {
    const exported = await findExport(transaction, practice, id)
    if (exported) return (await deleteExport(transaction, practice, id)) ? 'export' : undefined
    const isImport = (await findImport(transaction, practice, id)) !== undefined
    return isImport && (await deleteImport(transaction, practice, id)) ? 'import' : undefined
  })
}

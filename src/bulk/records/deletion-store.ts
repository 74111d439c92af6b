import { sql, type Transaction } from '#db'
import { addJob, cancelTopics } from '#jobs'
import { exportKind } from './parts-store.ts'
import { startNext } from './start-store.ts'

/** The kind of job that removes the files of an export. */
export const removalKind = 'export-remove'

/**
 * Ends an export wherever it stands: its jobs are cancelled, its files are gone at once and removed soon, and the client's
 * next one starts. False when it was deleted before.
 */
export async function deleteExport(
  transaction: Transaction,
  practice: number,
  { id, client }: { readonly id: string; readonly client: string },
): Promise<boolean> {
  const deleted = await transaction.run(sql`
    update export set state = 'deleted', ended_at = coalesce(ended_at, now())
    where practice = ${practice} and id = ${id} and state <> 'deleted'
  `)
  if (deleted === 0) return false
  await cancelTopics(transaction, practice, exportKind, `${id}/`)
  await addJob(transaction, { practice, kind: removalKind, topic: `${id}/remove`, payload: { export: id } })
  await startNext(transaction, practice, client)
  return true
}

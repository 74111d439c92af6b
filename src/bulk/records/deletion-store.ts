import { sql, type Transaction } from '#db'
import { queueRemoval } from './remove-store.ts'
import { lockTurns, startNext } from './start-store.ts'

/**
 * Ends an export wherever it stands: its jobs are cancelled, its files are gone at once and removed soon, and the next one
 * starts. False when it was deleted before.
 */
export async function deleteExport(transaction: Transaction, practice: number, id: string): Promise<boolean> {
  await lockTurns(transaction, practice)
  const there = await transaction.maybeOne(sql`
    select 1 from export where practice = ${practice} and id = ${id} and state <> 'deleted'
  `)
  if (!there) return false
  await queueRemoval(transaction, practice, id) // the jobs first: a part holds its own while it waits for the export
  await transaction.run(sql`
    update export set state = 'deleted', ended_at = coalesce(ended_at, now()) where practice = ${practice} and id = ${id}
  `)
  await startNext(transaction, practice)
  return true
}

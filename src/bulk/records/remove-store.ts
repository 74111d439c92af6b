import { type Database, sql, type Transaction } from '#db'
import { addJob, cancelTopics } from '#jobs'
import { exportKind } from './parts-store.ts'

export const removeKind = 'export-remove'

export interface RemoveJob {
  readonly export: string
}

/** Longer than a worker takes to find that its job was cancelled, whatever it waits for. */
const slowestWorkerSeconds = 120

/** Ends the export's jobs and has its files removed: at once, and once more when no slow worker can write any more. */
export async function queueRemoval(transaction: Transaction, practice: number, id: string): Promise<void> {
  await cancelTopics(transaction, practice, exportKind, `${id}/`)
  const payload: RemoveJob = { export: id }
  await addJob(transaction, { practice, kind: removeKind, topic: `${id}/1`, payload })
  await addJob(transaction, {
    practice,
    kind: removeKind,
    topic: `${id}/2`,
    payload,
    afterSeconds: slowestWorkerSeconds,
  })
}

/** The files of an export that is done go when it expires. */
export async function queueExpiry(
  transaction: Transaction,
  practice: number,
  id: string,
  hours: number,
): Promise<void> {
  const payload: RemoveJob = { export: id }
  await addJob(transaction, { practice, kind: removeKind, topic: `${id}/expiry`, payload, afterSeconds: hours * 3600 })
}

const keptDays = 30
const mostAtOnce = 100

/** Removes what is known of exports that ended 30 days ago, some at a time; how many. */
export async function removeOldExports(db: Database, practice: number): Promise<number> {
  const old = await db.many<{ id: string }>(sql`
    delete from export where practice = ${practice} and id = any(array(
      select id from export
      where practice = ${practice} and state not in ('queued', 'running')
        and greatest(ended_at, expires_at, created_at) < now() - make_interval(days => ${keptDays})
      limit ${mostAtOnce}))
    returning id
  `)
  const ids = old.map(({ id }) => id)
  if (ids.length === 0) return 0
  await db.run(sql`delete from export_part where practice = ${practice} and export = any(${ids}::text[])`)
  await db.run(sql`delete from export_file where practice = ${practice} and export = any(${ids}::text[])`)
  await db.run(sql`delete from export_notice where practice = ${practice} and export = any(${ids}::text[])`)
  await db.run(sql`delete from export_member where practice = ${practice} and export = any(${ids}::text[])`)
  await db.run(sql`delete from export_row where practice = ${practice} and export = any(${ids}::text[])`)
  await db.run(sql`delete from export_target where practice = ${practice} and export = any(${ids}::text[])`)
  return ids.length
}

import { sql, type Transaction } from '#db'
import { refreshWork } from './practice-work.ts'

/** Ends a job that waits or runs; a worker that runs it finds its lease gone. False when it had ended before. */
export async function cancelJob(transaction: Transaction, practice: number, id: string): Promise<boolean> {
  const cancelled = await transaction.run(sql`
    update job set state = 'cancelled', ended_at = now()
    where practice = ${practice} and id = ${id} and state in ('waiting', 'running')
  `)
  await refreshWork(transaction, practice)
  return cancelled === 1
}

/** The same for every job of a kind whose topic begins so; how many. */
export async function cancelTopics(
  transaction: Transaction,
  practice: number,
  kind: string,
  beginning: string,
): Promise<number> {
  const cancelled = await transaction.run(sql`
    update job set state = 'cancelled', ended_at = now()
    where practice = ${practice} and kind = ${kind} and starts_with(topic, ${beginning}) and state in ('waiting', 'running')
  `)
  await refreshWork(transaction, practice)
  return cancelled
}

/** What the holder of a lease may do. Each answers false, and changes nothing, when the lease is no longer its own. */
import { type Database, type Runner, sql, type Transaction } from '#db'
import type { Claimed } from './claim.ts'
import { refreshWork } from './practice-work.ts'

type Held = Pick<Claimed, 'practice' | 'id' | 'lease'>

export async function renewLease(db: Database, { practice, id, lease }: Held, leaseSeconds: number): Promise<boolean> {
  const renewed = await db.run(sql`
    update job set due = now() + make_interval(secs => ${leaseSeconds})
    where practice = ${practice} and id = ${id} and lease = ${lease} and state = 'running'
  `)
  return renewed === 1
}

/** Progress starts the count of attempts anew: a long job that is interrupted often is not given up. */
export async function saveProgress(runner: Runner, { practice, id, lease }: Held, progress: object): Promise<boolean> {
  const saved = await runner.run(sql`
    update job set progress = ${JSON.stringify(progress)}::jsonb, attempts = 0
    where practice = ${practice} and id = ${id} and lease = ${lease} and state = 'running'
  `)
  return saved === 1
}

/** `besides` is done with it, or not at all. */
export function endJob(
  db: Database,
  held: Held,
  end: { readonly state: 'done' | 'failed'; readonly sentence?: string },
  besides?: (transaction: Transaction) => Promise<void>,
): Promise<boolean> {
  const { state, sentence } = end
  return db.transaction(async (transaction) => {
    const ended = await transaction.run(sql`
      update job set state = ${state}, sentence = ${sentence ?? null}, ended_at = now()
      where practice = ${held.practice} and id = ${held.id} and lease = ${held.lease} and state = 'running'
    `)
    if (ended === 1) await besides?.(transaction)
    await refreshWork(transaction, held.practice)
    return ended === 1
  })
}

/** Whether the job is this holder's still. */
export async function isHeld(db: Database, { practice, id, lease }: Held): Promise<boolean> {
  const row = await db.maybeOne(sql`
    select 1 from job where practice = ${practice} and id = ${id} and lease = ${lease} and state = 'running'
  `)
  return row !== undefined
}

export interface Return {
  readonly afterSeconds: number
  /** Whether this attempt counts as one that failed. */
  readonly counts: boolean
  readonly sentence?: string
}

/** Gives the job back to the queue. */
export function returnJob(db: Database, held: Held, { afterSeconds, counts, sentence }: Return): Promise<boolean> {
  return db.transaction(async (transaction) => {
    const returned = await transaction.run(sql`
      update job set state = 'waiting', due = now() + make_interval(secs => ${afterSeconds}), sentence = ${sentence ?? null},
        attempts = greatest(0, attempts - ${counts ? 0 : 1}::int4)
      where practice = ${held.practice} and id = ${held.id} and lease = ${held.lease} and state = 'running'
    `)
    await refreshWork(transaction, held.practice)
    return returned === 1
  })
}

import { randomUUID } from 'node:crypto'
import { sql, type Transaction } from '#db'
import { announceWork } from './practice-work.ts'

export interface NewJob {
  readonly practice: number
  /** Name of its kind. */
  readonly kind: string
  readonly payload: object
  /** While a job of this kind and topic waits or runs, no other is added. */
  readonly topic?: string
  readonly afterSeconds?: number
}

/** Adds a job with the transaction; its id, or that of the job that has the topic already. */
export async function addJob(transaction: Transaction, job: NewJob): Promise<string> {
  const { practice, kind, payload, topic = null, afterSeconds = 0 } = job
  const added = await transaction.maybeOne<{ id: string; due: string }>(sql`
    insert into job (practice, id, kind, topic, state, payload, due)
    values (${practice}, ${randomUUID()}, ${kind}, ${topic}, 'waiting', ${JSON.stringify(payload)}::jsonb,
      now() + make_interval(secs => ${afterSeconds}))
    on conflict (practice, kind, topic) where topic is not null and state in ('waiting', 'running') do nothing
    returning id, due::text
  `)
  if (added) {
    await announceWork(transaction, practice, added.due)
    return added.id
  }
  const there = await transaction.maybeOne<{ id: string }>(sql`
    select id from job
    where practice = ${practice} and kind = ${kind} and topic = ${topic} and state in ('waiting', 'running')
  `)
  return there?.id ?? addJob(transaction, job) // the one that was there has ended meanwhile
}

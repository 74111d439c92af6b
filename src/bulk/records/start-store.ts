/**
 * Which exports of a practice run. Of a client, and of all together, so many may; each one's shape says how many. The others
 * wait, and clients take turns: whoever has fewest running comes first, among these the one whose last export started longest
 * ago, so that nobody waits for the many of another.
 *
 * Whoever adds an export, or ends one, starts the next here. The practice's turns are locked from before its exports are
 * counted until the transaction ends, so that two processes don't each start one more than may run. They are locked before
 * any job is: a worker that fails holds its job already, so it leaves this to a job of its own (work/job.ts).
 */
import { sql, type Transaction } from '#db'
import { queueStep } from './parts-store.ts'

const lockClass = 8153

/** Held until the transaction ends. */
export async function lockTurns(transaction: Transaction, practice: number): Promise<void> {
  await transaction.many(sql`select pg_advisory_xact_lock(${lockClass}::int4, ${practice}::int4)`)
}

/** Starts as many as may run; how many. */
export async function startNext(transaction: Transaction, practice: number): Promise<number> {
  await lockTurns(transaction, practice)
  const started = await transaction.many<{ id: string }>(sql`
    with running as (
      select client, count(*) as own from export where practice = ${practice} and state = 'running' group by client
    ), waiting as (
      select id, client, created_at, (shape->>'mostRunning')::int4 as most, (shape->>'mostInPractice')::int4 as most_in_all,
        coalesce((select own from running r where r.client = e.client), 0)
          + row_number() over (partition by client order by created_at, id) as turn
      from export e
      where practice = ${practice} and state = 'queued'
    ), clients as (
      select client, max(started_at) as served_at from export
      where practice = ${practice} and client = any(array(select distinct client from waiting)) group by client
    ), line as (
      select id, most_in_all, (select coalesce(sum(own), 0) from running)
          + row_number() over (order by turn, served_at nulls first, created_at, id) as place
      from waiting join clients using (client)
      where turn <= most
    )
    update export set state = 'running', started_at = clock_timestamp()
    where practice = ${practice} and id = any(array(select id from line where place <= most_in_all))
    returning id
  `)
  for (const { id } of started) await queueStep(transaction, practice, { export: id, step: 'begin' })
  return started.length
}

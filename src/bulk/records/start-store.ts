/**
 * Which exports of a client run. Whoever adds one, or ends one, starts the next here: the client's lock is held from before
 * its exports are counted until the transaction ends, so that two processes don't each start one more than may run.
 */
import { sql, type Transaction } from '#db'
import { countActive } from './exports-store.ts'
import { queueStep } from './parts-store.ts'

const lockClass = 8153

/** Held until the transaction ends. */
export async function lockClient(transaction: Transaction, practice: number, client: string): Promise<void> {
  await transaction.many(sql`select pg_advisory_xact_lock(${lockClass}, hashtext(${`${practice} ${client}`}))`)
}

/** Starts those that wait longest, as many as may run; how many. */
export async function startNext(transaction: Transaction, practice: number, client: string): Promise<number> {
  await lockClient(transaction, practice, client)
  const { running, queued } = await countActive(transaction, practice, client)
  if (queued === 0) return 0
  const started = await transaction.many<{ id: string }>(sql`
    update export set state = 'running'
    where practice = ${practice} and id in (
      select id from (
        select id, (shape->>'mostRunning')::int4 as most, row_number() over (order by created_at, id) as place
        from export where practice = ${practice} and client = ${client} and state = 'queued') as waiting
      where place + ${running}::int8 <= most)
    returning id
  `)
  for (const { id } of started) await queueStep(transaction, practice, { export: id, step: 'begin' })
  return started.length
}

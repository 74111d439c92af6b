/** The practices that have work, so that workers choose among them fairly. */
import { sql, type Transaction } from '#db'

/** Workers that have nothing to do hear here that there is something. */
export const workChannel = 'charthouse_work'

/** Something of the practice may be claimed at `due`, an instant of the database's clock. */
export async function announceWork(transaction: Transaction, practice: number, due: string): Promise<void> {
  await transaction.run(sql`
    insert into practice_work (practice, waiting_since) values (${practice}, ${due}::timestamptz)
    on conflict (practice) do update set waiting_since = least(practice_work.waiting_since, excluded.waiting_since)
  `)
  await transaction.run(sql`select pg_notify(${workChannel}, '') where ${due}::timestamptz <= now()`)
}

/** The practice with the fewest running jobs, among these the one that was served longest ago; locked for this transaction. */
export async function choosePractice(transaction: Transaction): Promise<number | undefined> {
  const row = await transaction.maybeOne<{ practice: number }>(sql`
    select practice from practice_work
    where waiting_since <= now()
    order by running, served_at, waiting_since
    limit 1
    for update skip locked
  `)
  return row?.practice
}

/** Nothing there is for this worker: the other practices have their turn first. */
const passedOverSeconds = 5

/**
 * Brings the practice's row up to what its jobs say. The row is locked by a statement of its own, so that the next one
 * sees the jobs of everybody who held it before.
 */
export async function refreshWork(
  transaction: Transaction,
  practice: number,
  was?: 'served' | 'passed over',
): Promise<void> {
  await transaction.run(sql`select 1 from practice_work where practice = ${practice} for update`)
  const pauseSeconds = was === 'passed over' ? passedOverSeconds : 0
  const jobs = await transaction.maybeOne<{ due: string | null; running: number }>(sql`
    select min(greatest(due, now() + make_interval(secs => ${pauseSeconds})))::text as due,
      count(*) filter (where state = 'running' and due > now())::int4 as running
    from job
    where practice = ${practice} and state in ('waiting', 'running')
  `)
  await transaction.run(sql`
    update practice_work set waiting_since = ${jobs?.due ?? null}::timestamptz, running = ${jobs?.running ?? 0},
      served_at = case when ${was === 'served'} then now() else served_at end
    where practice = ${practice}
  `)
}

/** Practices that have jobs which wait or run. */
export async function practicesWithWork(runner: Pick<Transaction, 'many'>): Promise<number[]> {
  const rows = await runner.many<{ practice: number }>(sql`
    select practice from practice_work where waiting_since is not null order by practice
  `)
  return rows.map(({ practice }) => practice)
}

/** Whether any practice has something that nobody has taken up yet; what a heartbeat holds longer than it was claimed for is not. */
export async function othersWait(runner: Pick<Transaction, 'maybeOne'>): Promise<boolean> {
  const waits = await runner.maybeOne(sql`
    select 1 from practice_work w
    where w.waiting_since <= now() and exists (
      select 1 from job j where j.practice = w.practice and j.state in ('waiting', 'running') and j.due <= now())
    limit 1
  `)
  return waits !== undefined
}

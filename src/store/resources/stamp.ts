/**
 * Change stamps (specs/scale.md part 3). A stamp is microseconds since 1970 and orders commits: whatever a reader saw as
 * complete up to T stays so.
 *
 * A writer takes the practice's advisory lock shared, locks the rows that it replaces, and only then reads the clock; it
 * holds the lock until it commits. Who needs a certain T takes the lock exclusively for an instant, so that no writer is
 * under way, and sets `high`, the greatest T handed out. A writer's stamp is greater than `high`, which it reads by a
 * statement after the one that got the lock, and greater than the stamps that it replaces, so that a clock set back can
 * neither put a change before a T that was handed out nor before the version that it follows.
 */
import { type Runner, sql } from '#db'

const lockClass = 8152

export async function lockAsWriter(runner: Runner, practice: number): Promise<void> {
  await runner.many(sql`select pg_advisory_xact_lock_shared(${lockClass}, ${practice})`)
}

/** Holds writers off until this transaction ends: an instant at which none is under way. */
export async function waitForWriters(runner: Runner, practice: number): Promise<void> {
  await runner.many(sql`select pg_advisory_xact_lock(${lockClass}, ${practice})`)
}

/** The clock as this transaction's changes are stamped by, which are newer than what they replace besides. */
export async function writerClock(runner: Runner, practice: number): Promise<number> {
  const row = await runner.maybeOne<{ stamp: string }>(sql`
    select greatest(
      (extract(epoch from clock_timestamp()) * 1000000)::int8,
      coalesce((select high from practice_clock where practice = ${practice}), 0) + 1
    ) as stamp
  `)
  return Number(row?.stamp)
}

/** A T up to which everything committed is complete: nothing will ever be stamped at or before it again. */
export async function takeT(transaction: Runner, practice: number): Promise<number> {
  await waitForWriters(transaction, practice)
  const row = await transaction.maybeOne<{ high: string }>(sql`
    insert into practice_clock (practice, high)
    values (${practice}, (extract(epoch from clock_timestamp()) * 1000000)::int8)
    on conflict (practice) do update set high = greatest(excluded.high, practice_clock.high + 1)
    where practice_clock.practice = ${practice}
    returning high
  `)
  return Number(row?.high)
}

import { type Database, sql, type Transaction } from '#db'
import { takeT } from '../resources/stamp.ts'

/** Longer than any writer holds on. */
const longestWaitSeconds = 5

/**
 * Takes T, and does `work` where `resource` is exactly the state at T: while writers are held off, another transaction
 * takes its snapshot. T is kept before any writer goes on, so that a clock that is set back puts nothing before it.
 */
export function stateAt<T>(
  db: Pick<Database, 'transaction' | 'pipeline'>,
  practice: number,
  work: (reading: Transaction, t: number) => Promise<T>,
): Promise<T> {
  return db.transaction(async (reading) => {
    await reading.run(sql`set transaction isolation level repeatable read`)
    // on connections of another kind: nobody who holds one of these waits for a second one
    const t = await db.pipeline(async (taking) => {
      await taking.run(sql`select set_config('lock_timeout', ${`${longestWaitSeconds}s`}, true)`)
      const taken = await takeT(taking, practice)
      await reading.run(sql`select 1 from practice_clock where practice = ${practice}`)
      return taken
    })
    await reading.run(sql`set local statement_timeout = 0`)
    return work(reading, t)
  })
}

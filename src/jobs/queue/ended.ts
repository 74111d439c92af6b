import { type Database, sql } from '#db'

const keptDays = 30
const mostAtOnce = 1000

/** Removes jobs of a practice that ended 30 days ago, some at a time; how many. */
export function removeEndedJobs(db: Database, practice: number): Promise<number> {
  return db.run(sql`
    delete from job
    where practice = ${practice} and id = any(array(
      select id from job
      where practice = ${practice} and state in ('done', 'failed', 'cancelled')
        and ended_at < now() - make_interval(days => ${keptDays})
      limit ${mostAtOnce}))
  `)
}

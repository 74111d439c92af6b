import { type Database, sql } from '#db'

const mostAtOnce = 5000

/** Removes tokens of a practice that expired a day ago, some at a time; how many. Until then they are answered "expired". */
export function removeExpiredTokens(db: Database, practice: number): Promise<number> {
  return db.run(sql`
    delete from as_access
    where practice = ${practice} and hash = any(array(
      select hash from as_access
      where practice = ${practice} and exp < now() - make_interval(days => 1)
      limit ${mostAtOnce}))
  `)
}

import { type Database, sql } from '#db'

const mostAtOnce = 5000
/** So long a code, a launch or a refresh token that is over is told from one that never was. */
const days = 1
/** So long a grant that gives nothing any more can be looked up. */
const grantDays = 90

/** Removes what a practice's authorizations left behind, some at a time; how many rows. */
export async function removeExpiredGrants(db: Database, practice: number): Promise<number> {
  const counts = [
    await db.run(sql`
      delete from as_code where practice = ${practice} and hash = any(array(
        select hash from as_code
        where practice = ${practice} and exp < now() - make_interval(days => ${days}) limit ${mostAtOnce}))`),
    await db.run(sql`
      delete from as_refresh where practice = ${practice} and hash = any(array(
        select hash from as_refresh
        where practice = ${practice} and exp < now() - make_interval(days => ${days}) limit ${mostAtOnce}))`),
    await db.run(sql`
      delete from as_launch where practice = ${practice} and hash = any(array(
        select hash from as_launch
        where practice = ${practice} and exp < now() - make_interval(days => ${days}) limit ${mostAtOnce}))`),
    await db.run(sql`
      delete from as_tx where practice = ${practice} and hash = any(array(
        select hash from as_tx where practice = ${practice} and exp < now() limit ${mostAtOnce}))`),
    await db.run(sql`
      delete from as_grant where practice = ${practice} and id = any(array(
        select id from as_grant
        where practice = ${practice} and last_used_at < now() - make_interval(days => ${grantDays})
          and not exists (select from as_refresh where practice = ${practice} and grant_id = as_grant.id)
        limit ${mostAtOnce}))`),
  ]
  return counts.reduce((sum, count) => sum + count, 0)
}

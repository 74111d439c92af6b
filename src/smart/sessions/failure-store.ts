import { hash } from 'node:crypto'
import { type Database, type Runner, sql } from '#db'

interface Attempt {
  readonly practice: number
  /** User name and address, each with a word in front that says which. */
  readonly subjects: readonly string[]
  readonly id: string
}

/** Neither user names that were tried nor addresses are kept. */
function hashes(practice: number, subjects: readonly string[]): string[] {
  return subjects.map((subject) => hash('sha256', `${practice}\n${subject}`, 'base64url'))
}

export async function addFailure(db: Runner, { practice, subjects, id }: Attempt): Promise<void> {
  await db.run(sql`
    insert into sign_in_failure (practice, subject, at, id)
    select ${practice}::int4, subject, clock_timestamp(), ${id} from unnest(${hashes(practice, subjects)}::text[]) subject
  `)
}

export async function removeFailure(db: Runner, { practice, subjects, id }: Attempt): Promise<void> {
  await db.run(sql`
    delete from sign_in_failure
    where practice = ${practice} and subject = any(${hashes(practice, subjects)}::text[]) and id = ${id}
  `)
}

/** Failures within the last seconds, of the subject that has most. */
export async function countFailures(
  db: Runner,
  { practice, subjects, seconds }: Omit<Attempt, 'id'> & { readonly seconds: number },
): Promise<number> {
  const row = await db.maybeOne<{ count: string }>(sql`
    select coalesce(max(count), 0) as count from (
      select count(*) from sign_in_failure
      where practice = ${practice} and subject = any(${hashes(practice, subjects)}::text[])
        and at > clock_timestamp() - make_interval(secs => ${seconds})
      group by subject) counts
  `)
  return Number(row?.count ?? 0)
}

/** The way out: forgets the failures of a user name; how many there were. */
export function forgetFailures(db: Runner, practice: number, subject: string): Promise<number> {
  return db.run(sql`
    delete from sign_in_failure where practice = ${practice} and subject = any(${hashes(practice, [subject])}::text[])
  `)
}

const mostAtOnce = 5000

/** Sweeps: failures that count no more, some at a time; how many. */
export function removeOldFailures(db: Database, practice: number): Promise<number> {
  return db.run(sql`
    delete from sign_in_failure
    where practice = ${practice} and id = any(array(
      select id from sign_in_failure
      where practice = ${practice} and at < now() - make_interval(hours => 1) limit ${mostAtOnce}))
  `)
}

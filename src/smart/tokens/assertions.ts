import { type Database, sql } from '#db'

export interface SpentAssertion {
  readonly practice: number
  readonly client: string
  readonly hash: string
  /** Seconds since 1970. */
  readonly exp: number
}

/** Stores that an assertion was used; false when it was before, in whichever process. */
export async function spendAssertion(db: Database, assertion: SpentAssertion): Promise<boolean> {
  return (await db.run(insertOf(assertion))) === 1
}

export function insertOf({ practice, client, hash, exp }: SpentAssertion) {
  return sql`
    insert into as_jti (practice, client, hash, exp) values (${practice}, ${client}, ${hash}, to_timestamp(${exp}))
    on conflict do nothing
  `
}

const mostAtOnce = 5000

/** Forgets assertions that have expired, some at a time; how many. */
export function removeSpentAssertions(db: Database, practice: number): Promise<number> {
  return db.run(sql`
    delete from as_jti
    where practice = ${practice} and (client, hash) in (
      select client, hash from as_jti where practice = ${practice} and exp < now() limit ${mostAtOnce})
  `)
}

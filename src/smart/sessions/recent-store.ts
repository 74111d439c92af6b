import { type Runner, sql } from '#db'

/** Patients whose records a person opened last with any app, the last one first. */
export async function recentPatients(db: Runner, practice: number, username: string, most: number): Promise<string[]> {
  const rows = await db.many<{ patient: string }>(sql`
    select patient from (
      select context -> 'launch' ->> 'patient' as patient, max(created_at) as at from (
        select context, created_at from as_grant
        where practice = ${practice} and username = ${username} order by created_at desc limit 100) latest
      group by 1) opened
    where patient is not null order by at desc limit ${most}
  `)
  return rows.map(({ patient }) => patient)
}

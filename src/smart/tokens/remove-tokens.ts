import { type Database, sql } from '#db'
import { hashToken } from './access-tokens.ts'

/** Takes an app's token back; undefined when the app has no such token, else its scope. */
export async function removeToken(
  db: Database,
  { practice, client, token }: { readonly practice: number; readonly client: string; readonly token: string },
): Promise<string | undefined> {
  const row = await db.maybeOne<{ scope: string }>(sql`
    delete from as_access
    where practice = ${practice} and hash = ${hashToken(practice, token)} and client = ${client}
    returning scope
  `)
  return row?.scope
}

/** Takes all tokens of an app at a practice back that no person's grant holds; how many. */
export function removeTokensOf(db: Database, practice: number, client: string): Promise<number> {
  return db.run(sql`
    delete from as_access
    where practice = ${practice} and client = ${client} and not exists (
      select from as_grant where as_grant.practice = ${practice} and as_grant.id = as_access.grant_id and as_grant.revoked_at is null)
  `)
}

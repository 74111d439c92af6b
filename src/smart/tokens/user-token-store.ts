import { type Runner, sql } from '#db'
import { hashToken, newToken } from './access-tokens.ts'
import type { StoredGrant } from './grant-store.ts'

/** Stores an access token that hangs on a grant; its text. */
export async function addUserToken(
  db: Runner,
  { practice, id, client, username, fhirUser, subject, base, context }: StoredGrant,
  { scope, seconds }: { readonly scope: string; readonly seconds: number },
): Promise<string> {
  const token = newToken()
  await db.run(sql`
    insert into as_access (practice, hash, client, grant_id, username, fhir_user, scope, context, iat, exp)
    values (${practice}, ${hashToken(practice, token)}, ${client}, ${id}, ${username ?? null}, ${fhirUser ?? null}, ${scope},
      ${JSON.stringify({ ...context, sub: subject, base })}::jsonb, now(), now() + make_interval(secs => ${seconds}))
  `)
  return token
}

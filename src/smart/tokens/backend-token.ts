import { type Database, sql } from '#db'
import { hashToken, newToken } from './access-tokens.ts'
import { insertOf, type SpentAssertion } from './assertions.ts'

export interface BackendGrant {
  readonly practice: number
  readonly client: string
  readonly scope: string
  readonly seconds: number
  readonly assertion: Pick<SpentAssertion, 'hash' | 'exp'>
}

/** Spends the assertion and stores the token that it is worth in one statement; undefined when it was used before. */
export async function issueBackendToken(db: Database, grant: BackendGrant): Promise<string | undefined> {
  const { practice, client, scope, seconds, assertion } = grant
  const token = newToken()
  const stored = await db.run(sql`
    with fresh as (${insertOf({ practice, client, ...assertion })} returning 1)
    insert into as_access (practice, hash, client, scope, context, iat, exp)
    select ${practice}::int4, ${hashToken(practice, token)}, ${client}, ${scope}::text, '{}', now(), now() + make_interval(secs => ${seconds})
    from fresh
  `)
  return stored === 1 ? token : undefined
}

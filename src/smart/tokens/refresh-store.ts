/** Refresh tokens: each is spent once, and gives the next one (specs/smart.md 5.5). */
import { type Runner, sql } from '#db'
import { hashToken } from './access-tokens.ts'

export interface RefreshToken {
  readonly grantId: string
  /** Account of the person who allowed it. */
  readonly username: string | null
  readonly client: string
  readonly scope: string
}

/** A refresh token, spent or not. */
export function findRefresh(db: Runner, practice: number, token: string): Promise<RefreshToken | undefined> {
  return db.maybeOne<RefreshToken>(sql`
    select r.grant_id as "grantId", g.username, r.client, r.scope
    from as_refresh r join as_grant g on g.practice = r.practice and g.id = r.grant_id
    where r.practice = ${practice} and r.hash = ${hashToken(practice, token)}
  `)
}

export interface NewRefresh extends Omit<RefreshToken, 'username'> {
  readonly practice: number
  readonly token: string
  readonly seconds: number
  /** It lives no longer. */
  readonly until: Date | undefined
}

export async function addRefresh(db: Runner, refresh: NewRefresh): Promise<void> {
  const { practice, token, grantId, client, scope, seconds, until } = refresh
  await db.run(sql`
    insert into as_refresh (practice, hash, grant_id, client, scope, exp)
    values (${practice}, ${hashToken(practice, token)}, ${grantId}, ${client}, ${scope},
      least(now() + make_interval(secs => ${seconds}), ${until ?? null}::timestamptz))
  `)
}

interface Spending {
  readonly practice: number
  readonly token: string
  readonly successor: string
  /** Within so many seconds it may come once more, while its successor was not used: the answer may have been lost. */
  readonly graceSeconds: number
}

/** 'spent'; or why not: 'late' is a further use within the grace, 'reused' one after it. The grant is held. */
export async function spendRefresh(db: Runner, spending: Spending): Promise<'spent' | 'expired' | 'late' | 'reused'> {
  const { practice, token, successor, graceSeconds } = spending
  const hash = hashToken(practice, token)
  const spent = await db.run(sql`
    update as_refresh set used_at = clock_timestamp(), successor = ${hashToken(practice, successor)}
    where practice = ${practice} and hash = ${hash} and used_at is null and exp > clock_timestamp()
  `)
  if (spent === 1) return 'spent'
  const retried = await db.run(sql`
    update as_refresh set retried_at = clock_timestamp()
    where practice = ${practice} and hash = ${hash} and retried_at is null and exp > clock_timestamp()
      and used_at > clock_timestamp() - make_interval(secs => ${graceSeconds})
      and exists (select from as_refresh n where n.practice = ${practice} and n.hash = as_refresh.successor and n.used_at is null)
  `)
  if (retried === 1) return 'spent'
  const row = await db.maybeOne<{ isUsed: boolean; isLate: boolean }>(sql`
    select used_at is not null as "isUsed", used_at > clock_timestamp() - make_interval(secs => ${graceSeconds}) as "isLate"
    from as_refresh
    where practice = ${practice} and hash = ${hash}
  `)
  if (!row?.isUsed) return 'expired'
  return row.isLate ? 'late' : 'reused'
}

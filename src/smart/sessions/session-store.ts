/** Who is signed in. Ids are kept as sha256 of practice and value, as everything that is issued (specs/smart.md 3.1). */
import { hash } from 'node:crypto'
import { type Database, type Runner, sql } from '#db'

export function sessionKey(practice: number, id: string): string {
  return hash('sha256', `${practice}\n${id}`, 'base64url')
}

interface NewSession {
  readonly practice: number
  readonly key: string
  readonly username: string
  readonly hours: number
}

export async function addSession(db: Runner, { practice, key, username, hours }: NewSession): Promise<Date> {
  const row = await db.maybeOne<{ createdAt: Date }>(sql`
    insert into as_session (practice, hash, username, exp)
    values (${practice}, ${key}, ${username}, now() + make_interval(hours => ${hours}))
    returning created_at as "createdAt"
  `)
  return row?.createdAt ?? new Date()
}

export interface StoredSession {
  readonly username: string
  readonly startedAt: Date
}

/** The sign-in, used now; undefined: there is none, it is over, was left alone for too long, or its user is disabled. */
export function useSession(
  db: Runner,
  { practice, key, idleMinutes }: { readonly practice: number; readonly key: string; readonly idleMinutes: number },
): Promise<StoredSession | undefined> {
  return db.maybeOne<StoredSession>(sql`
    update as_session set last_used_at = now()
    where as_session.practice = ${practice} and as_session.hash = ${key} and as_session.exp > now()
      and as_session.last_used_at > now() - make_interval(mins => ${idleMinutes})
      and exists (
        select from app_user
        where app_user.practice = ${practice} and app_user.username = as_session.username and app_user.disabled_at is null)
    returning username, created_at as "startedAt"
  `)
}

/** The user whose sign-in it was; undefined: there was none. */
export async function removeSession(db: Runner, practice: number, key: string): Promise<string | undefined> {
  const row = await db.maybeOne<{ username: string }>(sql`
    delete from as_session where practice = ${practice} and hash = ${key} returning username
  `)
  return row?.username
}

/** Signs a user out everywhere; the keys of the sign-ins. */
export async function removeSessionsOf(db: Runner, practice: number, username: string): Promise<string[]> {
  const rows = await db.many<{ hash: string }>(sql`
    delete from as_session where practice = ${practice} and username = ${username} returning hash
  `)
  return rows.map(({ hash: key }) => key)
}

const mostAtOnce = 5000

/** Sweeps: sign-ins that are over, some at a time; how many. */
export function removeExpiredSessions(db: Database, practice: number): Promise<number> {
  return db.run(sql`
    delete from as_session
    where practice = ${practice} and hash = any(array(
      select hash from as_session where practice = ${practice} and exp < now() limit ${mostAtOnce}))
  `)
}

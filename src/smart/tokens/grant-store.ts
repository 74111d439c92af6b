/**
 * What a person granted to an app: one row for each launch and each consent (specs/smart.md 5.1).
 *
 * Codes, refresh tokens and access tokens hang on it, and its row is their lock: whoever spends one holds the row first
 * (`holdGrant`), whoever revokes changes it first. So nothing is given for a grant after it was revoked, and two uses of
 * one code or refresh token come one after the other, in whichever processes.
 */
import { randomBytes } from 'node:crypto'
import type { Principal } from '#access'
import { type Database, type Runner, type Sql, sql } from '#db'
import type { LaunchContext } from '../launches/launch-context.ts'

export interface NewGrant {
  readonly practice: number
  readonly client: string
  /** Account; undefined: whom the launch names has none. */
  readonly username: string | undefined
  /** Such as `Practitioner/12`. */
  readonly fhirUser: string | undefined
  /** `sub` of the id token. */
  readonly subject: string
  readonly scope: string
  readonly context: GrantContext
  /** The FHIR base that it was asked for. */
  readonly base: string
  readonly nonce: string | undefined
  /** When the person signed in. */
  readonly authTime: Date
  /** Whether it gives new tokens: never, while the person is signed in, or until it ends. */
  readonly access: 'once' | 'online' | 'offline'
  /** Hash of the sign-in with which online access ends. */
  readonly session: string | undefined
  /** Hash of the launch that it came from. */
  readonly launch: string | undefined
  /** Until when it gives new tokens; undefined: as long as it is used. */
  readonly refreshUntil: Date | undefined
}

/** What access tokens hold as their context. */
export interface GrantContext {
  readonly role?: NonNullable<Principal['role']>
  readonly patients: readonly string[]
  readonly launch: LaunchContext
}

export interface StoredGrant extends NewGrant {
  readonly id: string
}

/** Stores a grant; its id. */
export async function addGrant(db: Runner, grant: NewGrant): Promise<string> {
  const id = randomBytes(16).toString('base64url')
  await db.run(sql`
    insert into as_grant (practice, id, client, username, fhir_user, subject, scope, context, base, nonce, auth_time, access,
      session, launch, refresh_until)
    values (${grant.practice}, ${id}, ${grant.client}, ${grant.username ?? null}, ${grant.fhirUser ?? null}, ${grant.subject},
      ${grant.scope}, ${JSON.stringify(grant.context)}::jsonb, ${grant.base}, ${grant.nonce ?? null}, ${grant.authTime},
      ${grant.access}, ${grant.session ?? null}, ${grant.launch ?? null}, ${grant.refreshUntil ?? null})
  `)
  return id
}

interface GrantRow extends Omit<StoredGrant, Optional> {
  readonly username: string | null
  readonly fhirUser: string | null
  readonly nonce: string | null
  readonly session: string | null
  readonly launch: string | null
  readonly refreshUntil: Date | null
}

type Optional = 'username' | 'fhirUser' | 'nonce' | 'session' | 'launch' | 'refreshUntil'

/** The grant, locked until the transaction ends; undefined: it is not there or was revoked. */
export async function holdGrant(transaction: Runner, practice: number, id: string): Promise<StoredGrant | undefined> {
  const row = await transaction.maybeOne<GrantRow>(sql`
    update as_grant set last_used_at = now()
    where practice = ${practice} and id = ${id} and revoked_at is null
    returning practice, id, client, username, fhir_user as "fhirUser", subject, scope, context, base, nonce,
      auth_time as "authTime", access, session, launch, refresh_until as "refreshUntil"
  `)
  return (
    row && {
      ...row,
      username: row.username ?? undefined,
      fhirUser: row.fhirUser ?? undefined,
      nonce: row.nonce ?? undefined,
      session: row.session ?? undefined,
      launch: row.launch ?? undefined,
      refreshUntil: row.refreshUntil ?? undefined,
    }
  )
}

/** Which grants. */
export type Revoked =
  | { readonly id: string; readonly username?: string }
  | { readonly username: string }
  /** `of` the practice: what staff granted, and not what patients and guardians did. */
  | { readonly client: string; readonly of?: 'practice' }
  /** Online access that ends with a sign-in. */
  | { readonly session: string }
  /** What an EHR's launches gave, but for what the person granted beyond them. */
  | { readonly launches: readonly string[] }

/** Revokes grants with all that hangs on them: the next call of their apps is refused. How many there were. */
export function revokeGrants(db: Database, practice: number, which: Revoked, because: string): Promise<number> {
  return db.transaction(async (transaction) => {
    const rows = await transaction.many<{ id: string }>(sql`
      update as_grant set revoked_at = now(), revoked_because = ${because}
      where practice = ${practice} and revoked_at is null and ${conditionOf(which)}
      returning id
    `)
    const ids = rows.map(({ id }) => id)
    if (ids.length === 0) return 0
    // statements of their own: they see what was given while the first one waited
    await transaction.run(sql`delete from as_access where practice = ${practice} and grant_id = any(${ids}::text[])`)
    await transaction.run(sql`delete from as_refresh where practice = ${practice} and grant_id = any(${ids}::text[])`)
    return ids.length
  })
}

function conditionOf(which: Revoked): Sql {
  if ('id' in which) {
    const owner = which.username === undefined ? sql`true` : sql`username = ${which.username}`
    return sql`id = ${which.id} and ${owner}`
  }
  if ('username' in which) return sql`username = ${which.username}`
  if ('client' in which) {
    const isGrantedThere =
      which.of === undefined ? sql`true` : sql`coalesce(context ->> 'role', '') not in ('patient', 'guardian')`
    return sql`client = ${which.client} and ${isGrantedThere}`
  }
  if ('session' in which) return sql`session = ${which.session} and access = 'online'`
  return sql`launch = any(${which.launches}::text[]) and access <> 'offline'`
}

/** A grant as its person is told of it. */
export interface SharedWith {
  readonly id: string
  readonly client: string
  readonly scope: string
  readonly patient: string | undefined
  readonly since: Date
  readonly lastUsed: Date
  readonly access: NewGrant['access']
  /** Until when it gives new tokens. */
  readonly until: Date | undefined
}

/** The grants of a person that work still, the newest first. */
export async function grantsOf(db: Runner, practice: number, username: string): Promise<SharedWith[]> {
  type SharedRow = Omit<SharedWith, 'patient' | 'until'> & {
    readonly patient: string | null
    readonly until: Date | null
  }
  const rows = await db.many<SharedRow>(sql`
    select id, client, scope, context -> 'launch' ->> 'patient' as patient, created_at as since, last_used_at as "lastUsed",
      access, refresh_until as until
    from as_grant
    where practice = ${practice} and username = ${username} and revoked_at is null and (
      exists (select from as_access where practice = ${practice} and grant_id = as_grant.id and exp > now())
      or exists (select from as_refresh where practice = ${practice} and grant_id = as_grant.id and exp > now() and used_at is null))
    order by created_at desc
  `)
  return rows.map((row) => ({ ...row, patient: row.patient ?? undefined, until: row.until ?? undefined }))
}

/** Authorization codes: they live a minute and are spent once. */
import { type Runner, sql } from '#db'
import { hashToken, newToken } from './access-tokens.ts'

export interface NewCode {
  readonly practice: number
  readonly grantId: string
  readonly client: string
  readonly redirectUri: string
  /** Of PKCE, by S256. */
  readonly challenge: string | undefined
}

const seconds = 60

/** Stores a code; its text. */
export async function addCode(
  db: Runner,
  { practice, grantId, client, redirectUri, challenge }: NewCode,
): Promise<string> {
  const code = newToken()
  await db.run(sql`
    insert into as_code (practice, hash, grant_id, client, redirect_uri, challenge, exp)
    values (${practice}, ${hashToken(practice, code)}, ${grantId}, ${client}, ${redirectUri}, ${challenge ?? null},
      now() + make_interval(secs => ${seconds}))
  `)
  return code
}

interface CodeOf {
  readonly practice: number
  readonly client: string
  readonly code: string
}

/** The grant that a code of this client stands for, spent or not. */
export async function grantOfCode(db: Runner, { practice, client, code }: CodeOf): Promise<string | undefined> {
  const row = await db.maybeOne<{ grantId: string }>(sql`
    select grant_id as "grantId" from as_code
    where practice = ${practice} and hash = ${hashToken(practice, code)} and client = ${client}
  `)
  return row?.grantId
}

export interface SpentCode {
  readonly redirectUri: string
  readonly challenge: string | undefined
}

/** Spends a code; 'used' when it was spent before, 'expired' when it came too late. */
export async function spendCode(
  db: Runner,
  { practice, client, code }: CodeOf,
): Promise<SpentCode | 'used' | 'expired'> {
  const hash = hashToken(practice, code)
  const spent = await db.maybeOne<{ redirectUri: string; challenge: string | null }>(sql`
    update as_code set used_at = now()
    where practice = ${practice} and hash = ${hash} and client = ${client} and used_at is null and exp > now()
    returning redirect_uri as "redirectUri", challenge
  `)
  if (spent) return { ...spent, challenge: spent.challenge ?? undefined }
  const used = await db.maybeOne(sql`
    select 1 as one from as_code where practice = ${practice} and hash = ${hash} and used_at is not null
  `)
  return used ? 'used' : 'expired'
}

/**
 * Opaque access tokens: 256 random bits, kept as sha256 of practice and value, so that a token of one practice can't be
 * found at another (specs/smart.md 3.1, 3.5). Each request looks its token up; nothing is remembered between requests.
 */
import { hash, randomBytes } from 'node:crypto'
import type { Principal } from '#access'
import { type Database, type Find, type LookupKind, sql } from '#db'
import { Problem, valueAt } from '#lib'

export interface Grant {
  readonly practice: number
  readonly client: string
  readonly scope: string
  readonly user?: string
  readonly role?: NonNullable<Principal['role']>
  readonly patients: readonly string[]
  readonly seconds: number
}

interface Context {
  readonly role?: NonNullable<Principal['role']>
  readonly patients?: readonly string[]
  readonly launch?: Readonly<Record<string, unknown>>
  readonly breakGlass?: boolean
  /** `sub` of the id token, and the FHIR base that was asked for. */
  readonly sub?: string
  readonly base?: string
}

/** Stores the hash of a new token and gives its text, which nobody can ask for again. */
export async function issueAccessToken(db: Database, grant: Grant): Promise<string> {
  const token = newToken()
  const context: Context = { patients: grant.patients, ...(grant.role && { role: grant.role }) }
  await db.run(sql`
    insert into as_access (practice, hash, client, fhir_user, scope, context, iat, exp)
    values (${grant.practice}, ${hashToken(grant.practice, token)}, ${grant.client}, ${grant.user ?? null}, ${grant.scope},
      ${JSON.stringify(context)}::jsonb, now(), now() + make_interval(secs => ${grant.seconds}))
  `)
  return token
}

export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

export function hashToken(practice: number, token: string): string {
  return hash('sha256', `${practice}\n${token}`, 'base64url')
}

const tokenByHash: LookupKind = {
  columns: ['hash', 'client', 'fhir_user', 'scope', 'context', 'extract(epoch from exp)'],
  from: 'as_access',
  keyType: 'text',
  keyColumn: 'hash',
}

/** What is stored of a token, expired or not. */
export interface AccessToken {
  readonly client: string
  readonly user: string | undefined
  readonly scope: string
  readonly context: Context
  /** Seconds since 1970. */
  readonly exp: number
}

/** One look-up by primary key, joined with others of the same turn. */
export async function findAccessToken(find: Find, practice: number, token: string): Promise<AccessToken | undefined> {
  const found = await find(practice, tokenByHash, hashToken(practice, token))
  if (!found) return undefined
  const [client, user, scope, context, exp] = found
  return {
    client: client ?? '',
    user: user ?? undefined,
    scope: scope ?? '',
    context: readContext(context ?? '{}'),
    exp: Number(exp),
  }
}

/** Who a token is; rejects with 'unauthenticated'. */
export async function authenticate(
  find: Find,
  practice: number,
  token: string | undefined,
  requestId: string,
): Promise<Principal> {
  if (token === undefined) {
    throw new Problem('unauthenticated', 'An access token is wanted: send the header "Authorization: Bearer …"', {
      issue: 'login',
    })
  }
  const found = await findAccessToken(find, practice, token)
  if (!found)
    throw new Problem('unauthenticated', 'The access token is not known here: ask for a new one', { issue: 'login' })
  if (found.exp * 1000 <= Date.now()) {
    throw new Problem('unauthenticated', 'The access token has expired: ask for a new one', { issue: 'expired' })
  }
  const { client, user, scope, context } = found
  const { role, patients, launch, breakGlass } = context
  return {
    practice,
    client,
    ...(user && { user }),
    ...(role && { role }),
    patients: patients ?? nobody,
    scopes: scope,
    ...(launch && { launch }),
    ...(breakGlass && { breakGlass }),
    requestId,
  }
}

const nobody: readonly string[] = []
const contexts = new Map<string, Context>()

/** Reading depends on nothing but the text, and the same few texts come with every request. */
function readContext(text: string): Context {
  if (contexts.size >= 1000) contexts.clear()
  return valueAt(contexts, text, () => JSON.parse(text) as Context)
}

import { SignJWT } from 'jose'
import type { Practice } from '#http'
import { privateKeyOf } from '../keys/private-key.ts'
import { publishedKeys } from '../keys/published-keys.ts'
import type { SigningKey } from '../keys/signing-key-store.ts'
import type { SmartParts } from '../parts.ts'
import type { StoredGrant } from '../tokens/grant-store.ts'

const seconds = 3600

/** Who granted it, as `openid` asks; undefined without it. https://openid.net/specs/openid-connect-core-1_0.html#IDToken */
export async function idToken(
  parts: Pick<SmartParts, 'db' | 'seals' | 'now'>,
  practice: Practice,
  grant: StoredGrant,
): Promise<string | undefined> {
  if (!isGranted(grant, 'openid')) return undefined
  const key = await signingKey(parts, practice.number)
  const at = Math.floor(parts.now() / 1000)
  return new SignJWT({
    ...{ iss: practice.root, aud: grant.client, iat: at, exp: at + seconds },
    ...{ ...claimsOf(grant), auth_time: Math.floor(grant.authTime.getTime() / 1000) },
    ...(grant.nonce !== undefined && { nonce: grant.nonce }),
  })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.kid })
    .sign(privateKeyOf(parts.seals, practice.number, key))
}

/** What is told of the person: A22; `profile` is the older spelling. */
export function claimsOf(grant: Pick<StoredGrant, 'subject' | 'fhirUser' | 'base' | 'scope'>): Record<string, string> {
  const { subject, fhirUser, base } = grant
  if (fhirUser === undefined || !(isGranted(grant, 'fhirUser') || isGranted(grant, 'profile'))) return { sub: subject }
  const url = `${base}/${fhirUser}`
  return { sub: subject, fhirUser: url, profile: url }
}

function isGranted({ scope }: Pick<StoredGrant, 'scope'>, wanted: string): boolean {
  return scope.split(' ').includes(wanted)
}

/** The newest that has begun to sign. */
async function signingKey(parts: Pick<SmartParts, 'db' | 'seals' | 'now'>, practice: number): Promise<SigningKey> {
  const now = parts.now()
  const keys = await publishedKeys(parts, practice, now)
  const key = keys.find(({ beginsAt }) => beginsAt <= now)
  if (!key) throw new TypeError(`Practice ${practice} has no key that signs`)
  return key
}

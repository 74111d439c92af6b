/**
 * The RS256 keys of a practice (specs/security.md part 6). Key n + 1 is made and published when key n begins to sign, so
 * everybody knows it long before its time; key n stays published for a day after its own. No process is in charge: who
 * comes first makes the key that is missing, and its number decides between two.
 */
import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import { calculateJwkThumbprint } from 'jose'
import type { SmartParts } from '../parts.ts'
import { sealedKey } from './private-key.ts'
import { addSigningKey, type SigningKey, signingKeys } from './signing-key-store.ts'

const day = 24 * 3600 * 1000
const signsForMs = 90 * day
/** Longer than anything that it signed is good for. */
const staysForMs = day
/** Clocks of two processes differ by less. */
const skewMs = 600_000

/** The keys that whoever verifies must know now, the newest first: the next one, the one that signs, and the one before it. */
export async function publishedKeys(
  parts: Pick<SmartParts, 'db' | 'seals'>,
  practice: number,
  now: number,
): Promise<readonly SigningKey[]> {
  const { db, seals } = parts
  const keys = await signingKeys(db, practice)
  const newest = keys[0]
  if (newest && newest.beginsAt > now)
    return keys.filter((_, i) => i === 0 || now < (keys[i - 1]?.beginsAt ?? 0) + staysForMs)
  await addSigningKey(db, practice, sealedKey(seals, practice, await newKey(newest, now)))
  return publishedKeys(parts, practice, now)
}

async function newKey(before: SigningKey | undefined, now: number): Promise<SigningKey> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  const jwk = publicKey.export({ format: 'jwk' })
  const kid = await calculateJwkThumbprint(jwk)
  return {
    number: (before?.number ?? 0) + 1,
    kid,
    privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    publicKey: { ...jwk, kid, alg: 'RS256', use: 'sig' },
    // the first has begun by every clock; after a long pause the next begins some minutes later, so that it is known first
    beginsAt: before ? Math.max(before.beginsAt + signsForMs, now + skewMs) : now - skewMs,
  }
}

import { importJWK } from 'jose'
import type { Jwk, KeySet } from '#platform'

/** Signature algorithms with the type of their keys (A25). */
export const assertionAlgorithms = { RS384: 'RSA', ES384: 'EC' } as const

export type AssertionAlgorithm = keyof typeof assertionAlgorithms

export function isAssertionAlgorithm(alg: unknown): alg is AssertionAlgorithm {
  return typeof alg === 'string' && Object.hasOwn(assertionAlgorithms, alg)
}

/** The keys of a set that could have made a signature: by kid and kty, and by alg and use where they are given (A30). */
export function keysFor(set: KeySet, { kid, alg }: { readonly kid: string; readonly alg: AssertionAlgorithm }) {
  return set.keys.filter(
    (key) =>
      key.kid === kid &&
      key.kty === assertionAlgorithms[alg] &&
      (key.alg === undefined || key.alg === alg) &&
      (key.use === undefined || key.use === 'sig') &&
      (!Array.isArray(key.key_ops) || key.key_ops.includes('verify')),
  )
}

// An import costs up to half as much as a verification; a set that is read again is another object.
const imported = new WeakMap<Jwk, ReturnType<typeof importJWK>>()

export function importedKey(jwk: Jwk, alg: AssertionAlgorithm): ReturnType<typeof importJWK> {
  const known = imported.get(jwk)
  if (known) return known
  // only what makes it a public key
  const { kty, crv, x, y, n, e } = jwk as Jwk & Readonly<Record<string, string>>
  const key = importJWK({ kty, ...(kty === 'EC' ? { crv, x, y } : { n, e }) } as Parameters<typeof importJWK>[0], alg)
  key.catch(() => undefined)
  imported.set(jwk, key)
  return key
}

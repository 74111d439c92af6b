import { Problem } from '#lib'
import type { Jwk, KeySet } from './app.ts'

const mostKeys = 100

/** Members of private and symmetric keys. https://www.rfc-editor.org/rfc/rfc7518#section-6 */
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

/** A set of public keys from its text; throws Problem 'incorrect' with what is wrong. */
export function readKeySet(text: string): KeySet {
  const { keys } = objectFrom(text) as { keys?: unknown }
  if (!Array.isArray(keys)) throw unreadable('it has no list "keys"')
  if (keys.length > mostKeys) throw unreadable(`it has more than ${mostKeys} keys`)
  return { keys: keys.map(readKey) }
}

/** As `readKeySet`, for a set that its owner hands over: each key must be one that an assertion can name. */
export function readRegisteredKeySet(text: string): KeySet {
  const set = readKeySet(text)
  const kids = set.keys.map(({ kid }) => kid)
  if (set.keys.length === 0) throw unreadable('it has no key')
  if (kids.includes(undefined)) throw unreadable('a key has no "kid", by which assertions name it')
  const secret = set.keys.find((key) => secretMembers.some((member) => member in key))
  if (secret) throw unreadable(`the key "${secret.kid}" is a private one: register its public part, and make a new key`)
  if (!set.keys.some(isForAssertions))
    throw unreadable('no key is an EC key of curve P-384 (ES384) or an RSA key (RS384)')
  return set
}

function isForAssertions({ kty, crv }: Jwk): boolean {
  return kty === 'RSA' || (kty === 'EC' && crv === 'P-384')
}

function objectFrom(text: string): object {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new Problem('incorrect', 'The key set cannot be read: it is not JSON', { cause })
  }
  if (typeof value !== 'object' || value === null) throw unreadable('it is not an object')
  return value
}

function readKey(value: unknown): Jwk {
  const key = value as Record<string, unknown> | null
  if (typeof key !== 'object' || key === null || typeof key.kty !== 'string') throw unreadable('a key has no "kty"')
  for (const member of ['kid', 'alg', 'use']) {
    if (key[member] !== undefined && typeof key[member] !== 'string') {
      throw unreadable(`"${member}" of a key is not a text`)
    }
  }
  return key as Jwk
}

function unreadable(reason: string): Problem {
  return new Problem('incorrect', `The key set cannot be used: ${reason}`)
}

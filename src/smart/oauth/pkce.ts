/** https://www.rfc-editor.org/rfc/rfc7636 */
import { hash, timingSafeEqual } from 'node:crypto'

/** 256 bits in base64url. */
export function isChallenge(text: string): boolean {
  return /^[\w-]{43}$/.test(text)
}

/** Whether the verifier is the one that the challenge was made of, by S256. */
export function isVerifierOf(challenge: string, verifier: string): boolean {
  if (!/^[\w.~-]{43,128}$/.test(verifier)) return false
  return timingSafeEqual(Buffer.from(hash('sha256', verifier, 'base64url')), Buffer.from(challenge))
}

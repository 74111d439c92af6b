/** The assertion of an app that has keys, checked in the order of specs/smart.md 4.1: what is cheap comes first. */
import { hash } from 'node:crypto'
import {
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  jwtVerify,
  type ProtectedHeaderParameters,
} from 'jose'
import type { App } from '#platform'
import { OAuthProblem } from '../oauth/oauth-problem.ts'
import {
  type AssertionAlgorithm,
  assertionAlgorithms,
  importedKey,
  isAssertionAlgorithm,
  keysFor,
} from './assertion-key.ts'
import type { KeyReader } from './key-reader.ts'

/** https://www.rfc-editor.org/rfc/rfc7523#section-2.2 */
export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** An assertion as it came: nothing of it is true yet. */
export interface Assertion {
  readonly text: string
  readonly header: ProtectedHeaderParameters
  readonly claims: JWTPayload
}

/** What must be stored so that the assertion is used once. */
export interface AssertionId {
  /** sha256 of jti, which clients choose. */
  readonly hash: string
  /** Seconds since 1970 from which on it is refused anyway. */
  readonly exp: number
}

interface Expected {
  readonly app: App
  readonly audiences: string[]
  readonly keysOf: KeyReader
  readonly now: () => number
}

const mostSecondsAhead = 300
const skewSeconds = 15

export function readAssertion(text: string): Assertion {
  try {
    if (text.split('.').length !== 3) throw new errors.JWTInvalid('a JWT has three parts')
    return { text, header: decodeProtectedHeader(text), claims: decodeJwt(text) }
  } catch (cause) {
    throw wrong('it is not a JWT', cause)
  }
}

/** Throws unless the app itself made the assertion for this server, now. It is not spent yet. */
export async function verifyAssertion(
  assertion: Assertion,
  { app, audiences, keysOf, now }: Expected,
): Promise<AssertionId> {
  const { header, claims, text } = assertion
  const { alg, kid } = checkHeader(header, app)
  const seconds = now() / 1000
  const id = checkLife(claims, seconds)
  const read = await keysOf(app, (set) => keysFor(set, { kid, alg }).length > 0)
  const [key, another] = keysFor(read.set, { kid, alg })
  if (another) throw wrong(`the app's JWKS has several ${assertionAlgorithms[alg]} keys of kid '${shown(kid)}'`)
  if (!key) {
    const age = read.readAt === undefined ? 'as registered' : `read ${Math.round((now() - read.readAt) / 1000)} s ago`
    throw wrong(`its kid '${shown(kid)}' names no ${assertionAlgorithms[alg]} key of the app's JWKS (${age})`)
  }
  try {
    await jwtVerify(text, await importedKey(key, alg), {
      algorithms: [alg],
      issuer: app.client,
      subject: app.client,
      audience: audiences,
      clockTolerance: skewSeconds,
      currentDate: new Date(now()),
    })
  } catch (cause) {
    throw wrong(reasonOf(cause, claims, audiences), cause)
  }
  return id
}

function checkHeader({ typ, kid, alg, jku }: ProtectedHeaderParameters, { record: { keys } }: App) {
  if (typ?.toUpperCase() !== 'JWT') throw wrong("its header has no typ 'JWT'")
  if (typeof kid !== 'string' || kid === '') throw wrong('its header has no kid')
  if (!isAssertionAlgorithm(alg)) throw wrong(`its alg is ${shown(alg)}: RS384 or ES384 is wanted`)
  const registered = keys && 'url' in keys ? keys.url : undefined
  if (jku !== undefined && jku !== registered) throw wrong('its jku is not the JWKS URL that the app registered')
  return { kid, alg: alg satisfies AssertionAlgorithm }
}

function checkLife({ exp, jti }: JWTPayload, nowSeconds: number): AssertionId {
  if (typeof exp !== 'number' || !Number.isFinite(exp)) throw wrong('it has no exp')
  if (exp > nowSeconds + mostSecondsAhead + skewSeconds) {
    throw wrong(`its exp is ${Math.round(exp - nowSeconds)} seconds ahead: at most ${mostSecondsAhead} are allowed`)
  }
  if (exp <= nowSeconds - skewSeconds) {
    throw wrong(
      `it expired ${Math.round(nowSeconds - exp)} seconds ago: make a new one for each request, and compare clocks`,
    )
  }
  if (typeof jti !== 'string' || jti === '') throw wrong('it has no jti')
  return { hash: hash('sha256', jti, 'base64url'), exp: Math.ceil(exp) + skewSeconds }
}

function reasonOf(cause: unknown, { aud }: JWTPayload, audiences: readonly string[]): string {
  if (cause instanceof errors.JWSSignatureVerificationFailed)
    return 'its signature does not fit the key that its kid names'
  if (cause instanceof errors.JWTClaimValidationFailed && cause.claim === 'aud') {
    return `its aud is ${shown(aud)}: ${audiences[0]} is wanted`
  }
  if (cause instanceof errors.JWTExpired) return 'it has expired: make a new one for each request, and compare clocks'
  if (cause instanceof errors.JWTClaimValidationFailed) return `its ${cause.claim} is not as it must be`
  if (cause instanceof errors.JOSENotSupported) return 'its header has a crit that is not understood'
  return 'the key that its kid names cannot verify it'
}

/** What came from outside, short enough for a sentence. */
function shown(value: unknown): string {
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'missing')).slice(0, 200)
}

export function wrong(reason: string, cause?: unknown): OAuthProblem {
  return new OAuthProblem('invalid_client', `The client_assertion is refused: ${reason}`, { cause })
}

import { createPrivateKey, type KeyObject, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { SignJWT } from 'jose'
import { Problem } from '#lib'

export interface ClientKey {
  readonly key: KeyObject
  readonly alg: string
  readonly kid: string
}

type PrivateJwk = Readonly<Record<string, unknown>>

/** A client's private key from a file: a JWK, a JWK Set or PEM. Servers refuse assertions without `kid`. */
export async function readClientKey(file: string, kid: string | undefined): Promise<ClientKey> {
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new Problem('incorrect', `The key can't be read: ${cause.message}`, { cause })
  })
  const jwk = text.trimStart().startsWith('{') ? privateJwk(text, { file, kid }) : undefined
  const key = importKey(jwk ?? text, file)
  const named = kid ?? jwk?.kid
  if (typeof named !== 'string' || named === '') {
    throw new Problem('incorrect', `${file} does not say which key of the client it is: add --kid ID, as registered`)
  }
  return { key, alg: algorithmOf(key, { named: jwk?.alg, file }), kid: named }
}

function privateJwk(text: string, { file, kid }: { file: string; kid: string | undefined }): PrivateJwk {
  const content = parsed(text, file)
  const keys = Array.isArray(content.keys) ? (content.keys as PrivateJwk[]) : [content]
  const own = keys.filter((jwk) => typeof jwk?.d === 'string')
  const fitting = kid === undefined || keys.length === 1 ? own : own.filter((jwk) => jwk.kid === kid)
  const [found, another] = fitting
  if (!found) throw new Problem('incorrect', `${file} has no private key${kid === undefined ? '' : ` "${kid}"`}`)
  if (another) throw new Problem('incorrect', `${file} has several private keys: say which one with --kid ID`)
  return found
}

function parsed(text: string, file: string): PrivateJwk {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Problem('incorrect', `${file} is not JSON, though it begins like a JWK`, { cause })
  }
}

function importKey(from: PrivateJwk | string, file: string): KeyObject {
  try {
    return typeof from === 'string' ? createPrivateKey(from) : createPrivateKey({ key: from, format: 'jwk' })
  } catch (cause) {
    throw new Problem(
      'incorrect',
      `${file} holds no private key that can be used: a JWK or unencrypted PEM is wanted`,
      {
        cause,
      },
    )
  }
}

const algorithmOfCurve: Readonly<Record<string, string>> = {
  secp384r1: 'ES384',
  prime256v1: 'ES256',
  secp521r1: 'ES512',
}

function algorithmOf(key: KeyObject, { named, file }: { named: unknown; file: string }): string {
  const { namedCurve = '', modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType === 'rsa' && modulusLength < 2048) {
    throw new Problem('incorrect', `The RSA key in ${file} is too short: 2048 bits are wanted`)
  }
  const usual = key.asymmetricKeyType === 'rsa' ? 'RS384' : algorithmOfCurve[namedCurve]
  if (usual === undefined) throw new Problem('incorrect', `${file} holds neither an RSA key nor one of P-384 or P-256`)
  return typeof named === 'string' && named.slice(0, 2) === usual.slice(0, 2) ? named : usual
}

const assertionSeconds = 240 // five minutes are allowed, and the clocks differ

/** https://hl7.org/fhir/smart-app-launch/client-confidential-asymmetric.html#authenticating-to-the-token-endpoint */
export function clientAssertion({ key, alg, kid }: ClientKey, client: string, audience: URL): Promise<string> {
  return new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg, kid, typ: 'JWT' })
    .setIssuer(client)
    .setSubject(client)
    .setAudience(audience.href)
    .setExpirationTime(Math.floor(Date.now() / 1000) + assertionSeconds)
    .sign(key)
}

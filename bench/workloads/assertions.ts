/** Requests for a token by client_credentials, each with an assertion of its own, which takes longer to sign than to verify. */
import { randomUUID } from 'node:crypto'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { ClientKeys } from '#platform'
import { baseUrl } from '../servers/start.ts'

const alg = 'ES384'
const kid = 'bench'
const atOnce = 64

export async function newSigner() {
  const { privateKey, publicKey } = await generateKeyPair(alg)
  const jwk = { ...(await exportJWK(publicKey)), kid, alg }
  const sign = (client: string, audience: string) =>
    new SignJWT({ jti: randomUUID() })
      .setProtectedHeader({ alg, kid, typ: 'JWT' })
      .setIssuer(client)
      .setSubject(client)
      .setAudience(audience)
      .setExpirationTime('5 minutes')
      .sign(privateKey)
  return { jwk, keys: { set: { keys: [jwk] } } as unknown as ClientKeys, sign }
}

type Signer = Awaited<ReturnType<typeof newSigner>>

/** As many requests as `count`, ready to be sent. */
export async function tokenRequests(signer: Signer, client: string, { path, count }: { path: string; count: number }) {
  const requests: Buffer[] = []
  while (requests.length < count) {
    const signed = await Promise.all(Array.from({ length: atOnce }, () => signer.sign(client, baseUrl + path)))
    requests.push(...signed.map((assertion) => requestOf(path, assertion)))
  }
  return requests
}

export function requestOf(path: string, assertion: string): Buffer {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    scope: 'system/*.rs',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  }).toString()
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: ${new URL(baseUrl).host}`,
    'content-type: application/x-www-form-urlencoded',
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)
}

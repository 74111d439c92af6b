import { generateKeyPairSync, randomUUID } from 'node:crypto'

/** A key for ES384 as two JWK Sets: what an app registers, and what it signs with. */
export function newKeys(): { readonly publicSet: string; readonly privateSet: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
  const named = { kid: randomUUID(), alg: 'ES384' }
  const setOf = (key: typeof publicKey, use: string) =>
    JSON.stringify({ keys: [{ ...key.export({ format: 'jwk' }), ...named, key_ops: [use] }] })
  return { publicSet: setOf(publicKey, 'verify'), privateSet: setOf(privateKey, 'sign') }
}

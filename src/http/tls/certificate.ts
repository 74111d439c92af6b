import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { Problem } from '#lib'

/** Where a certificate and its key are: paths of PEM files. */
export interface CertificateFiles {
  readonly cert: string
  readonly key: string
}

/** What a TLS server of Node takes. */
export interface Certificate {
  readonly cert: Buffer
  readonly key: Buffer
  /** The oldest TLS that is spoken. */
  readonly minVersion: 'TLSv1.2'
}

/** The pair in its files; throws when they cannot be read or do not belong together. */
export function readCertificate({ cert, key }: CertificateFiles): Certificate {
  const pair: Certificate = {
    cert: attempt(() => readFileSync(cert), `TLS_CERT: the file ${cert} cannot be read`),
    key: attempt(() => readFileSync(key), `TLS_KEY: the file ${key} cannot be read`),
    minVersion: 'TLSv1.2',
  }
  const first = attempt(() => new X509Certificate(pair.cert), `TLS_CERT: ${cert} holds no certificate as PEM`)
  const its = attempt(() => createPrivateKey(pair.key), `TLS_KEY: ${key} holds no private key as PEM, unencrypted`)
  if (!first.checkPrivateKey(its)) {
    throw new Problem('incorrect', `TLS_KEY: the key in ${key} does not belong to the first certificate in ${cert}`)
  }
  attempt(() => createSecureContext({ ...pair }), `TLS_CERT: ${cert} with ${key} cannot be used as PEM`)
  return pair
}

/** What the system and OpenSSL say tells the rest. */
function attempt<T>(work: () => T, sentence: string): T {
  try {
    return work()
  } catch (cause) {
    throw new Problem('incorrect', `${sentence}: ${(cause as Error).message}`, { cause })
  }
}

/**
 * Secrets at rest: AES-256-GCM under one of several keys, whose id stands in front of what it sealed. So a new key is taken
 * up without rewriting anything: the first one seals, all of them open. What was sealed for one place (a row of one
 * practice) opens at no other.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { SecretKey } from './secret-keys.ts'

export interface Seals {
  /** How everything begins that is sealed as it would be now; empty when nothing is. */
  readonly prefix: string
  /** As it is stored; without a key as it is. */
  seal(text: string, place: string): string
  /** What was stored, sealed or not. Throws what the operator has to mend, which is nothing to tell a client. */
  open(stored: string, place: string): string
}

const cipher = 'aes-256-gcm'
const nonceBytes = 12 // https://nvlpubs.nist.gov/nistpubs/Legacy/SP/nistspecialpublication800-38d.pdf, 8.2.2: random ones
const tagBytes = 16

export function openSeals(keys: readonly SecretKey[]): Seals {
  const [active] = keys
  return {
    prefix: active ? prefixOf(active.id) : '',
    seal: (text, place) => (active ? seal(active, text, place) : text),
    open(stored, place) {
      const [, id, base64] = /^aes-256-gcm:([\w-]+):([\w-]*)$/.exec(stored) ?? []
      if (id === undefined || base64 === undefined) return stored
      const key = keys.find((one) => one.id === id)
      if (!key) throw new Error(missing(id, keys))
      return open(key, Buffer.from(base64, 'base64url'), place)
    },
  }
}

function prefixOf(id: string): string {
  return `${cipher}:${id}:`
}

function missing(id: string, keys: readonly SecretKey[]): string {
  const here = keys.map((key) => `"${key.id}"`).join(', ') || 'none'
  return `it was sealed under the key "${id}", which is not here (there is ${here}): add that key to SECRET_KEYS, after the first`
}

function seal({ id, key }: SecretKey, text: string, place: string): string {
  const nonce = randomBytes(nonceBytes)
  const sealing = createCipheriv(cipher, key, nonce).setAAD(Buffer.from(place))
  const bytes = Buffer.concat([nonce, sealing.update(text, 'utf8'), sealing.final(), sealing.getAuthTag()])
  return prefixOf(id) + bytes.toString('base64url')
}

function open({ id, key }: SecretKey, bytes: Buffer, place: string): string {
  const end = bytes.length - tagBytes
  try {
    const opening = createDecipheriv(cipher, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
    opening.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(end))
    return opening.update(bytes.subarray(nonceBytes, end), undefined, 'utf8') + opening.final('utf8')
  } catch (cause) {
    const sentence = `it does not open with the key "${id}": it was sealed under another key of that id, or was changed`
    throw new Error(sentence, { cause })
  }
}

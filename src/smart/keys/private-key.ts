import { createPrivateKey, type KeyObject } from 'node:crypto'
import { type Seals, valueAt } from '#lib'
import type { PrivateKey } from './signing-key-store.ts'

const mostKeys = 1000
const read = new Map<string, KeyObject>()

/** What signs. */
export function privateKeyOf(seals: Seals, practice: number, key: PrivateKey): KeyObject {
  if (read.size > mostKeys) read.clear()
  return valueAt(read, key.kid, () => createPrivateKey(openedKey(seals, practice, key)))
}

/** PKCS #8 */
export function openedKey(seals: Seals, practice: number, { kid, privateKey }: PrivateKey): string {
  return seals.open(privateKey, placeOf(practice, kid))
}

/** The key as it is stored. */
export function sealedKey<Key extends PrivateKey>(seals: Seals, practice: number, key: Key): Key {
  return { ...key, privateKey: seals.seal(key.privateKey, placeOf(practice, key.kid)) }
}

function placeOf(practice: number, kid: string): string {
  return `signing_key ${practice} ${kid}`
}

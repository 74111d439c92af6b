import type { Database } from '#db'
import { Problem, type Seals } from '#lib'
import { listPractices } from '#platform'
import { openedKey, sealedKey } from './private-key.ts'
import { keysSealedOtherwise, type PrivateKey, replacePrivateKey } from './signing-key-store.ts'

/** PKCS #8 as PEM. */
const unsealed = '-----BEGIN '

/**
 * Seals the private keys of all practices as they would be sealed now: those from before there was a key, and those under
 * an older one, which can then be dropped. Throws when one cannot be opened. How many there were.
 */
export async function sealSigningKeys(db: Database, seals: Seals): Promise<number> {
  const isStoredSo = seals.prefix || unsealed
  let sealed = 0
  for (const practice of await listPractices(db)) {
    for (const key of await keysSealedOtherwise(db, practice.number, isStoredSo)) {
      const privateKey = opened(seals, practice, key)
      const { privateKey: by } = sealedKey(seals, practice.number, { ...key, privateKey })
      await replacePrivateKey(db, practice.number, { ...key, by })
      sealed += 1
    }
  }
  return sealed
}

function opened(seals: Seals, { number, id }: { readonly number: number; readonly id: string }, key: PrivateKey) {
  try {
    return openedKey(seals, number, key)
  } catch (cause) {
    const why = (cause as Error).message
    throw new Problem('unavailable', `The signing key ${key.kid} of practice ${id} cannot be read: ${why}`, { cause })
  }
}

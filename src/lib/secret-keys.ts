import { createSecretKey, type KeyObject } from 'node:crypto'

/** A key that seals what is stored; things that were sealed name it by its id. */
export interface SecretKey {
  readonly id: string
  /** 32 bytes. */
  readonly key: KeyObject
}

/** Keys from their text, `id:base64` by commas; undefined: it is something else. */
export function readSecretKeys(text: string): readonly SecretKey[] | undefined {
  const keys = text.split(',').map((part) => readSecretKey(part.trim()))
  const ids = new Set(keys.map((key) => key?.id))
  return keys.every((key) => key !== undefined) && ids.size === keys.length ? keys : undefined
}

function readSecretKey(text: string): SecretKey | undefined {
  const [, id, base64] = /^([\w-]{1,40}):([A-Za-z0-9+/_-]{43}=?)$/.exec(text) ?? []
  if (id === undefined || base64 === undefined) return undefined
  return { id, key: createSecretKey(base64, 'base64') }
}

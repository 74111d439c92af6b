import { randomBytes } from 'node:crypto'
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Problem, readSecretKeys, type SecretKey } from '#lib'

interface Options {
  /** Makes the file with one key when it is not there. */
  readonly isMade: boolean
}

/** The keys in the file `secret-keys` of a folder, written as in the setting SECRET_KEYS. */
export function secretKeysIn(folder: string, { isMade }: Options): readonly SecretKey[] {
  const path = join(folder, 'secret-keys')
  const text = readText(path) ?? (isMade ? makeFile(path) : undefined)
  if (text === undefined) return []
  const keys = readSecretKeys(text.trim())
  if (keys) return keys
  throw new Problem('unavailable', `The keys in ${path} cannot be read: id:base64 of 32 bytes is wanted, by commas`)
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new Problem('unavailable', `The file ${path} cannot be read (${message}): mend its permissions`, { cause })
  }
}

/** Whole or not at all: of several processes that start at once one makes it, and the others read what it made. */
function makeFile(path: string): string {
  const id = randomBytes(6).toString('hex')
  const making = `${path}.${id}`
  writeFileSync(making, `${id}:${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flush: true })
  try {
    linkSync(making, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(making)
  }
  return readFileSync(path, 'utf8')
}

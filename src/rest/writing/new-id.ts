import type { KeyObject } from 'node:crypto'
import { createHmac, randomBytes } from 'node:crypto'

/**
 * An id for a new resource: milliseconds, then 80 random bits, all in letters and digits. Ids of one time stand near each
 * other, so an index that is ordered by them grows at its end.
 */
export function newId(now = Date.now()): string {
  return now.toString(36).padStart(9, '0') + lettersOf(randomBytes(10))
}

/**
 * The id of what is created because nothing matched: the same for the same criteria. Of two who create under the same
 * criteria at the same time one meets the other at this id, and finds what that one made.
 */
export function idForCriteria(key: KeyObject, practice: number, criteria: string): string {
  const digest = createHmac('sha256', key).update(`charthouse criteria 1\n${practice}\n${criteria}`).digest()
  return `c${lettersOf(digest.subarray(0, 18))}`
}

function lettersOf(bytes: Buffer): string {
  return BigInt(`0x${bytes.toString('hex')}`)
    .toString(36)
    .padStart(Math.ceil((bytes.length * 8) / 5.169), '0')
}

import type { KeyObject } from 'node:crypto'
import { createHmac, randomBytes, randomFillSync } from 'node:crypto'

/**
 * An id for a new resource: milliseconds, then 80 random bits, all in letters and digits. Ids of one time stand near each
 * other, so an index that is ordered by them grows at its end.
 */
export function newId(now = Date.now()): string {
  return now.toString(36).padStart(9, '0') + lettersOf(tenRandomBytes())
}

/**
 * The id of what is created because nothing matched: the same for the same criteria. Of two who create under the same
 * criteria at the same time one meets the other at this id, and finds what that one made. When the id was used before
 * (what had it was deleted, or no longer meets the criteria) both meet at that of the next try.
 */
export function idForCriteria(key: KeyObject, practice: number, { criteria, tries }: Guarded): string {
  // looks like the others, so that nobody learns from it how often the criteria met something unseen
  if (tries > mostGuarded) return `c${lettersOf(randomBytes(18))}`
  const text = `charthouse criteria 1\n${practice}\n${tries}\n${criteria}`
  const digest = createHmac('sha256', key).update(text).digest()
  return `c${lettersOf(digest.subarray(0, 18))}`
}

interface Guarded {
  readonly criteria: string
  /** 1 for the first. */
  readonly tries: number
}

/** One try less than there are (`again.ts`), so that the last one meets nothing. */
export const mostGuarded = 4

const random = Buffer.alloc(10 * 256)
let taken = random.length

/** Filled many at a time: asking for each costs more than the id. */
function tenRandomBytes(): Buffer {
  if (taken === random.length) {
    randomFillSync(random)
    taken = 0
  }
  taken += 10
  return random.subarray(taken - 10, taken)
}

function lettersOf(bytes: Buffer): string {
  return BigInt(`0x${bytes.toString('hex')}`)
    .toString(36)
    .padStart(Math.ceil((bytes.length * 8) / 5.169), '0')
}

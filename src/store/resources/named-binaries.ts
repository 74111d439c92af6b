/**
 * A Binary is read by whoever may read what names it, so nobody may name one that they could not read before: they would let
 * themselves in. One that is not stored is refused alike, which tells nothing and keeps later ones from being waited for.
 */
import type { Runner } from '#db'
import { parseReference } from '#fhir'
import { Problem } from '#lib'
import { keyText } from '../hash.ts'
import { attachmentsOf } from '../index/attachments.ts'
import type { IndexScope } from '../index/rows.ts'
import type { Predicate, See } from '../see.ts'
import type { Stored } from './current.ts'
import type { KeyedChange } from './keyed.ts'
import { seenByQuery, seesOwner } from './seen.ts'

interface Naming {
  readonly one: KeyedChange
  readonly stored: Stored | undefined
  /** What of the type they may write. */
  readonly predicate: Predicate
}

/** To be asked before anything is written. What the same changes bring, and what a row named before, may be named. */
export async function refuseNamedBinaries(
  runner: Runner,
  { practice, bases }: IndexScope,
  see: See,
  changes: readonly Naming[],
): Promise<void> {
  const reading = see('Binary')
  if (reading && seesOwner(practice, reading, undefined)) return
  const brought = new Set(changes.map(({ one }) => one.key))
  const named = changes.flatMap(({ one: { operation }, stored, predicate }) => {
    if (operation.kind !== 'put' || (!reading && !isOfPatients(predicate))) return []
    const keys = binariesOf(operation.type, operation.resource)
    if (keys.size === 0) return []
    const before = stored?.body ? binariesOf(operation.type, JSON.parse(stored.body) as object) : new Set<string>()
    return [...keys.difference(before).difference(brought)].map((key) => ({ key, operation }))
  })
  if (named.length === 0) return
  const asked = reading ? named.map(({ key }) => ({ type: 'Binary', key, predicate: reading })) : []
  const seen = await seenByQuery(runner, practice, see, asked)
  const unseen = named.find(({ key }) => !seen.has(key))
  if (!unseen) return
  const { type, id } = unseen.operation
  throw new Problem(
    'forbidden',
    `Cannot change ${type}/${id}: an attachment names a Binary that is not within what this access includes; ` +
      'store the Binary first, or with it in one transaction',
  )

  function binariesOf(type: string, resource: object): Set<string> {
    const keys = attachmentsOf(type, resource).flatMap((url) => {
      const parsed = parseReference(url, bases)
      return parsed.kind === 'relative' && parsed.type === 'Binary' ? [keyText(practice, 'Binary', parsed.id)] : []
    })
    return new Set(keys)
  }
}

/** Whether it opens rows of some patients only. */
function isOfPatients({ any }: Predicate): boolean {
  return any.every(({ patients, assignedTo }) => patients !== undefined || assignedTo !== undefined)
}

import { createHash } from 'node:crypto'
import type { See } from '#access'
import { Problem } from '#lib'
import type { Export } from '../export.ts'
import type { ExportParts } from './parts.ts'

/** What may be seen of the types of an export, in short. */
export function accessOf(see: See, { request: { types } }: Pick<Export, 'request'>): string {
  return createHash('sha256')
    .update(JSON.stringify(types.map((type) => see(type) ?? null)))
    .digest('hex')
}

/** Asks `access` once more; nobody gets an export of which a part was made by other rights (S-9). */
export async function seenAsBefore(parts: ExportParts, exported: Export, before: string): Promise<See> {
  const see = await parts.seeOf(exported)
  if (accessOf(see, exported) === before) return see
  throw new Problem(
    'forbidden',
    'What this app may see was changed while its export was made; start another one for what it may see now',
  )
}

const askedMs = 1000

/** The same for a walk of many steps: a step asks again where a second has gone by. */
export function seenMeanwhile(parts: ExportParts, exported: Export, before: string): () => Promise<See> {
  let askedAt = Number.NEGATIVE_INFINITY
  let see: See = () => undefined
  return async () => {
    if (performance.now() - askedAt < askedMs) return see
    see = await seenAsBefore(parts, exported, before)
    askedAt = performance.now()
    return see
  }
}

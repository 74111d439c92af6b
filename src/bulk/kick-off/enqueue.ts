import { createHash } from 'node:crypto'
import type { Principal } from '#access'
import type { Call } from '#http'
import { Problem } from '#lib'
import type { NewExport } from '../export.ts'
import type { ExportFace } from '../face.ts'
import { addExport, countActive, sameRunning } from '../records/exports-store.ts'
import { lockClient, startNext } from '../records/start-store.ts'

interface Enqueued {
  readonly added: NewExport
  readonly mostQueued: number
}

/** Adds the export, and starts it if no more of the client's run than may; its id, or that of the one which stands for it. */
export async function enqueue(
  { db, report }: ExportFace,
  { practice, headers, requestId: request }: Call,
  { added, mostQueued }: Enqueued,
): Promise<string> {
  const { client, user, request: asked } = added
  const isShared =
    practice.dialect.export.sameRequest === 'running' && !/\bno-cache\b/i.test(headers['cache-control'] ?? '')
  const { id, isNew } = await db.transaction(async (transaction) => {
    await lockClient(transaction, practice.number, client)
    const same = isShared ? await sameRunning(transaction, practice.number, client, added.same) : undefined
    if (same !== undefined) return { id: same, isNew: false }
    const one = await addExport(transaction, added)
    if (one.same !== added.same) throw new Problem('invalid', usedOtherwise, { expression: 'Idempotency-Key' })
    if (!one.isNew) return one
    await startNext(transaction, practice.number, client)
    const { queued } = await countActive(transaction, practice.number, client)
    if (queued > mostQueued) throw new Problem('busy', tooMany(mostQueued), { retryAfterSeconds: 30 })
    return one
  })
  const change = isNew ? 'begun' : 'found'
  report({ event: 'export', change, request, practice: practice.id, client, user, id, level: asked.level })
  return id
}

const usedOtherwise =
  'Cannot export: the Idempotency-Key was used for something else already; send another one, or ask for the same'

const tooMany = (most: number) =>
  `Cannot export: ${most} exports of this app wait already; fetch and DELETE those that are done, or those that are not needed`

/** `Idempotency-Key`: a kick-off whose answer was lost can be sent again. */
export function askedBefore({ headers }: Call, { practice, client, user = '' }: Principal): { readonly once?: string } {
  const key = headers['idempotency-key']
  if (typeof key !== 'string' || key === '') return {}
  if (key.length > 255)
    throw new Problem('incorrect', 'Cannot export: the Idempotency-Key is longer than 255 characters')
  return { once: createHash('sha256').update([practice, client, user, key].join('\n')).digest('base64url') }
}

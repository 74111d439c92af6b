import { createHash } from 'node:crypto'
import type { Principal } from '#access'
import type { Call } from '#http'
import { Problem } from '#lib'
import type { NewExport } from '../export.ts'
import type { ExportFace, ExportSettings } from '../face.ts'
import { addExport, sameRunning } from '../records/exports-store.ts'
import { lockTurns, startNext } from '../records/start-store.ts'
import { refuseMore } from './refuse-more.ts'

interface Enqueued {
  readonly added: NewExport
  readonly settings: ExportSettings
}

/** Adds the export, and starts it if no more run than may; its id, or that of the one which stands for it. */
export async function enqueue(
  { db, report }: ExportFace,
  { practice, headers, requestId: request }: Call,
  { added, settings }: Enqueued,
): Promise<string> {
  const { client, user, request: asked } = added
  const isShared =
    practice.dialect.export.sameRequest === 'running' && !/\bno-cache\b/i.test(headers['cache-control'] ?? '')
  const { id, isNew } = await db.transaction(async (transaction) => {
    await lockTurns(transaction, practice.number)
    const same = isShared ? await sameRunning(transaction, practice.number, client, added.same) : undefined
    if (same !== undefined) return { id: same, isNew: false }
    const one = await addExport(transaction, added)
    if (one.same !== added.same) throw new Problem('invalid', usedOtherwise, { expression: 'Idempotency-Key' })
    if (!one.isNew) return one
    await startNext(transaction, practice.number)
    await refuseMore(transaction, added, settings)
    return one
  })
  const change = isNew ? 'begun' : 'found'
  report({ event: 'export', change, request, practice: practice.id, client, user, id, exportLevel: asked.level })
  return id
}

const usedOtherwise =
  'Cannot export: the Idempotency-Key was used for something else already; send another one, or ask for the same'

/** `Idempotency-Key`: a kick-off whose answer was lost can be sent again. */
export function askedBefore({ headers }: Call, { practice, client, user = '' }: Principal): { readonly once?: string } {
  const key = headers['idempotency-key']
  if (typeof key !== 'string' || key === '') return {}
  if (key.length > 255)
    throw new Problem('incorrect', 'Cannot export: the Idempotency-Key is longer than 255 characters')
  return { once: createHash('sha256').update([practice, client, user, key].join('\n')).digest('base64url') }
}

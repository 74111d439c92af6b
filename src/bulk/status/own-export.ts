import type { Principal } from '#access'
import type { Call, Practice } from '#http'
import { Problem } from '#lib'
import type { Export } from '../export.ts'
import { type Exporter, exporterOf } from '../exporter.ts'
import type { ExportFace } from '../face.ts'
import { findExport } from '../records/exports-store.ts'

export interface OwnExport {
  readonly exported: Export
  readonly exporter: Exporter
}

/** The export that a call names; of others, and of those that were deleted, nothing is told. */
export async function ownExport(face: ExportFace, call: Call, id: string): Promise<OwnExport> {
  const who = await call.principal
  const exporter = await exporterOf(face, call.practice, who)
  const exported = await exportNamed(face, call.practice, id)
  if (!exported || !isOf(who, exported) || exported.state === 'deleted') {
    throw new Problem('not-found', 'The export is not known: it was deleted, or it is not of this app')
  }
  return { exported, exporter }
}

/** What is no id of ours is of no export, and comes no further (S-18). */
export async function exportNamed({ db }: ExportFace, { number }: Practice, id: string): Promise<Export | undefined> {
  return /^[0-9a-f]{32}$/.test(id) ? findExport(db, number, id) : undefined
}

function isOf({ client, user }: Principal, exported: Export): boolean {
  return exported.client === client && exported.user === user
}

export function refuseExpired({ state }: Export) {
  if (state !== 'expired') return
  throw new Problem('gone', 'The export has expired: its files were removed; start another one', { issue: 'expired' })
}

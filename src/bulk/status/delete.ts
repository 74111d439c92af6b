import type { Answer, Call } from '#http'
import { Problem } from '#lib'
import { checkExport } from '../exporter.ts'
import type { ExportFace } from '../face.ts'
import { deleteExport } from '../records/deletion-store.ts'
import { ownExport, refuseExpired } from './own-export.ts'

/** Ends an export, or frees its files when it is done. https://hl7.org/fhir/uv/bulkdata/export.html#bulk-data-delete-request */
export async function deleteStatus(face: ExportFace, call: Call, id: string): Promise<Answer> {
  const { exported, exporter } = await ownExport(face, call, id)
  refuseExpired(exported)
  checkExport(exporter, exported.request)
  const { practice, client, user, request } = exported
  const isDeleted = await face.db.transaction((transaction) => deleteExport(transaction, practice, id))
  if (!isDeleted) throw new Problem('not-found', 'The export is not known: it was deleted')
  const event = { event: 'export', change: 'deleted', request: call.requestId, practice: call.practice.id } as const
  face.report({ ...event, client, user, id, exportLevel: request.level })
  return { status: 202, isFleeting: true }
}

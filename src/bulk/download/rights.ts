import type { Predicate } from '#access'
import type { Practice } from '#http'
import { Problem } from '#lib'
import type { Export, ExportFile } from '../export.ts'
import { checkCohort, checkMayExport, type Exporter, exporterOf } from '../exporter.ts'
import type { ExportFace } from '../face.ts'
import { accessAtBegin } from '../records/parts-store.ts'
import { accessOf } from '../work/seen.ts'

/**
 * Asked for each file: the practice permits the app now what it permitted when the export began (S-9, S-10), and whoever
 * comes may see all of what lies in the file.
 */
export async function checkRights(
  face: ExportFace,
  practice: Practice,
  { exported, file, exporter }: { readonly exported: Export; readonly file: ExportFile; readonly exporter: Exporter },
): Promise<void> {
  const asBegun = await exporterOf(face, practice, exported.principal)
  checkCohort(exporter, exported.request)
  const begun = await accessAtBegin(face.db, exported.practice, exported.id)
  if (begun !== undefined && begun !== accessOf(asBegun.see, exported)) throw new Problem('forbidden', changed)
  for (const type of typesIn(exported, file)) {
    checkMayExport(exporter, type)
    if (isNarrower(exporter.see(type), asBegun.see(type))) throw new Problem('forbidden', narrower(type))
  }
}

const changed =
  'The file is not given out: what the practice permits this app was changed since; start another export for what it permits now'

const narrower = (type: string) =>
  `The file is not given out: the access token allows less of ${type} than the export was made with`

/** Error files hold sentences only. */
function typesIn({ request }: Export, { kind, type }: ExportFile): readonly string[] {
  if (kind === 'error') return []
  return kind === 'output' && !request.organizedBy ? [type] : request.types
}

function isNarrower(now: Predicate | undefined, then: Predicate | undefined): boolean {
  return JSON.stringify(now) !== JSON.stringify(then) && now?.any.some(isLimitless) !== true
}

function isLimitless({ where, hidden, ...limits }: Predicate['any'][number]): boolean {
  return where.length === 0 && hidden.length === 0 && Object.keys(limits).length === 0
}

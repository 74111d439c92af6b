/**
 * The manifests of an export with `allowPartialManifests`: each holds the files that were finished since the one before, and
 * is the same for ever once it was handed out; where it ends is kept in the export's row.
 */
import type { Database } from '#db'
import { Problem } from '#lib'
import type { Export, ExportFile } from '../export.ts'
import { fixPage } from '../records/exports-store.ts'

export interface Page {
  readonly files: readonly ExportFile[]
  /** Number of the next one; undefined: this is the last. */
  readonly next: number | undefined
}

/** Page `n`, from 1; undefined: it has no files yet. */
export async function pageOf(
  db: Database,
  exported: Export,
  { n, files }: { readonly n: number; readonly files: readonly ExportFile[] },
): Promise<Page | undefined> {
  const isDone = exported.state === 'done'
  const ends = await endsOf(db, exported, { n, files, isDone })
  if (n > ends.length + 1)
    throw new Problem('not-found', 'The export has no such manifest: follow the links of the first one')
  const before = n === 1 ? 0 : (ends[n - 2] ?? 0)
  const end = ends[n - 1]
  if (end !== undefined) return { files: files.filter(({ seq }) => seq > before && seq <= end), next: n + 1 }
  return isDone ? { files: files.filter(({ seq }) => seq > before), next: undefined } : undefined
}

interface Asked {
  readonly n: number
  readonly files: readonly ExportFile[]
  readonly isDone: boolean
}

/** Fixes the page that is asked for when it is the next one, files are there for it, and more may come. */
async function endsOf(db: Database, { practice, id, pages }: Export, { n, files, isDone }: Asked) {
  const last = files.at(-1)?.seq ?? 0
  const isNext = n === pages.length + 1
  return !isDone && isNext && last > (pages.at(-1) ?? 0) ? fixPage(db, practice, id, { n, end: last }) : pages
}

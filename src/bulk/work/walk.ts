import type { Export } from '../export.ts'
import type { References } from './lines/references.ts'
import type { ExportParts, FilePlaces, Step } from './parts.ts'

/** A worker's way through a part. */
export interface Walk {
  readonly parts: ExportParts
  readonly exported: Export & { readonly t: number }
  readonly places: FilePlaces
  /** The part's number. */
  readonly n: number
  readonly step: Step
  /** Of the export, in the file store. */
  readonly folder: string
  /** The selection that is being walked. */
  at: number
  readonly references: References | undefined
}

export function folderOf({ practice, id }: Pick<Export, 'practice' | 'id'>): string {
  return `exports/${practice}/${id}`
}

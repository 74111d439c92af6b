/** What the work on exports stands on; `app.ts` puts it together. */
import type { See } from '#access'
import type { Database } from '#db'
import type { FileStore } from '#files'
import type { Work } from '#jobs'
import type { Pace } from '#lib'
import type { IndexScope } from '#store'
import type { Export, ExportFile } from '../export.ts'

export interface ExportParts {
  readonly db: Database
  readonly files: FileStore
  /** Of the process: requests come first. */
  readonly pace: Pick<Pace, 'stepBack'>
  /** What the practice's settings say of its index: zone and bases. */
  readonly scopeOf: (practice: number) => Promise<IndexScope>
  /** What the export's principal may see now: by permission, state of the app, scopes and settings. */
  readonly seeOf: (exported: Export) => Promise<See>
  readonly placesOf: (exported: Export) => Promise<FilePlaces>
}

/** How the files of an export are named and reached, as the practice's dialect and settings have it. */
export interface FilePlaces {
  /** The name of file `n` (from 1) of its kind and type. */
  nameOf(file: Pick<ExportFile, 'kind' | 'type'>, n: number): string
  /** Where the client finds a file. */
  addressOf(file: Pick<ExportFile, 'kind' | 'type' | 'name'>): string
}

/** What a step of the work has of its job. */
export type Step = Pick<Work, 'progress' | 'save' | 'signal'>

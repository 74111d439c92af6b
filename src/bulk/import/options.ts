import type { PracticeRules, Principal } from '#access'
import type { Database } from '#db'
import type { FileStore } from '#files'
import type { Practice, Report } from '#http'
import type { Store } from '#store'

/** What imports stand on; `app.ts` puts it together. */
export interface ImportOptions {
  readonly db: Database
  /** The installation's store of files. */
  readonly files: () => Promise<FileStore>
  /** What a practice is for this principal at the moment: asked for each batch. */
  readonly placeOf: (practice: number, principal: Principal) => Promise<ImportPlace>
  /** Sources by http and at this machine may be read. */
  readonly isDevelopment: boolean
  readonly report: Report
}

export interface ImportPlace {
  readonly practice: Practice
  readonly store: Store
  readonly rules: PracticeRules
  /** The practice lets the app import. */
  readonly mayImport: boolean
  /** Of all files of an import, unpacked. */
  readonly mostGigabytes: number
}

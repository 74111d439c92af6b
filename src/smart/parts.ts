import type { Database, Find } from '#db'
import type { Practice, Report } from '#http'
import type { Seals } from '#lib'
import type { AppDirectory, PracticeSettings } from '#platform'
import type { Charts } from './launches/charts.ts'
import type { Records } from './sessions/records.ts'

/** What the authorization server stands on; `app.ts` puts it together. */
export interface SmartParts {
  readonly db: Database
  readonly find: Find
  readonly apps: AppDirectory
  /** How private keys are stored. */
  readonly seals: Seals
  readonly settingsOf: (practice: Practice) => PracticeSettings
  /** The resource types that a practice offers. */
  readonly typesOf: (practice: Practice) => readonly string[]
  readonly records: Records
  readonly charts: Charts
  /** Told of every grant and revocation; refusals are told by whoever answers them. */
  readonly report: Report
  /** What the addresses of the server begin with that belong to no practice. */
  readonly baseUrl: string
  /** DEVELOPMENT=true. */
  readonly isDevelopment: boolean
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** What the HTTP face of exports stands on; `app.ts` puts it together. */
import type { KeyObject } from 'node:crypto'
import type { PracticeRules, Principal } from '#access'
import type { Database } from '#db'
import type { FileStore } from '#files'
import type { Practice, Report } from '#http'
import type { Store } from '#store'

export interface ExportFace {
  readonly db: Database
  /** The installation's store of files. */
  readonly files: () => Promise<FileStore>
  readonly storeOf: (practice: Practice) => Store
  /** The practice's settings and its permission for this client, for the access decision. */
  readonly rulesOf: (practice: Practice, principal: Principal) => PracticeRules | Promise<PracticeRules>
  readonly settingsOf: (practice: Practice) => ExportSettings
  /** Makes the addresses of files that need no token; the same in all processes. */
  readonly ticketKey: KeyObject
  /** Told of every export that is begun, deleted or fetched. */
  readonly report: Report
  readonly now: () => number
}

/** Of a practice. */
export interface ExportSettings {
  readonly lines: number
  readonly megabytes: number
  readonly expiryHours: number
  readonly urls: 'bearer' | 'capability'
  readonly headers: 'lenient' | 'strict'
  readonly isGzipped: boolean
  /** Of a client at once. */
  readonly running: number
  readonly queued: number
  /** Of a client, with files that have not expired. */
  readonly kept: number
  /** Of all clients. */
  readonly runningInPractice: number
  readonly queuedInPractice: number
  /** Of files that lie there. */
  readonly gigabytesInPractice: number
}

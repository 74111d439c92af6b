import type { KeyObject } from 'node:crypto'
import type { PracticeRules, Principal } from '#access'
import type { Practice, Report } from '#http'
import type { Store } from '#store'

/** What the REST API stands on; `app.ts` puts it together. */
export interface RestOptions {
  readonly storeOf: (practice: Practice) => Store
  /** The practice's settings and its permission for this client, for the access decision. */
  readonly rulesOf: (practice: Practice, principal: Principal) => PracticeRules | Promise<PracticeRules>
  /** Seals paging links; the same in all processes. */
  readonly pagingKey: KeyObject
  /** Names and addresses of the practice's authorization server, as its discovery document has them. */
  readonly oauthUris?: (practice: Practice) => readonly (readonly [name: string, url: string])[]
  /** Told of every deletion. */
  readonly report: Report
}

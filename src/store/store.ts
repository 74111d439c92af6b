/**
 * What the store offers to the modules above. `stores.for(practice)` binds the practice once, so that a statement without
 * it cannot be written; every way to data takes `see`, the access decision, and joins it into its statement.
 */
import type { Query } from '#fhir'
import type { See } from './see.ts'

/** A stored version as it goes out: `body` is the exact JSON text. */
export interface Row {
  readonly type: string
  readonly id: string
  /** versionId. */
  readonly version: number
  /** Change stamp = meta.lastUpdated, microseconds since 1970. */
  readonly updated: number
  readonly body: string
}

export type Found =
  | { readonly state: 'current'; readonly row: Row }
  /** Deleted, and the principal could have read its last version. */
  | { readonly state: 'deleted'; readonly updated: number; readonly version: number }
  | { readonly state: 'none' }

/** Where a page starts: plain JSON, signed by whoever puts it into a link. */
export type Cursor = { readonly [key: string]: unknown }

export interface Page {
  readonly matches: readonly Row[]
  readonly included: readonly Row[]
  readonly total?: number
  readonly next?: Cursor
  readonly previous?: Cursor
  /** Includes that were left out because the principal may not see the type. */
  readonly withheld: readonly string[]
  /** The cap of included resources was reached: the page ended early or some are missing. */
  readonly truncated: boolean
}

export interface Store {
  readonly practice: number
  /** One resource. `see` may still be on its way: the row is looked up meanwhile, in the same statement as the token. */
  read(see: Promise<See> | See, type: string, id: string): Promise<Found>
  /** One page; throws Problem 'forbidden' when `see` shows nothing of a type that is searched, chained or sorted over. */
  search(see: See, query: Query, from?: Cursor): Promise<Page>
  write(operations: readonly WriteOperation[]): Promise<WriteResult[]>
}

export type WriteOperation =
  /** Create or replace under the given id: unchanged content makes no new version. `resource` is `text` parsed. */
  | {
      readonly kind: 'put'
      readonly type: string
      readonly id: string
      readonly text: string
      readonly resource: object
    }
  | { readonly kind: 'delete'; readonly type: string; readonly id: string }

export interface WriteResult {
  readonly outcome: 'created' | 'updated' | 'unchanged' | 'deleted' | 'absent'
  readonly version: number
  readonly updated: number
}

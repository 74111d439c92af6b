/**
 * What the store offers to the modules above. `stores.for(practice)` binds the practice once, so that a statement without
 * it cannot be written; every way to data takes `see`, the access decision, and joins it into its statement.
 */
import type { Query } from '#fhir'
import type { Predicate, See } from './see.ts'

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
  /** Of what a query of one type finds the newest of each kind, newest first; throws as `search` does. */
  lastOfEach(see: See, query: Query, asked: LastAsked): Promise<readonly Row[]>
  /** All of a patient's record, a page of it. https://hl7.org/fhir/R4/patient-operation-everything.html */
  everything(see: See, asked: EverythingAsked, from?: Cursor): Promise<EverythingPage>
  /** Profiles, security labels and tags in use among what may be seen of these types. */
  labels(see: See, types: readonly string[]): Promise<Labels>
  /** For import: one transaction, and nobody's rights are asked. */
  write(operations: readonly WriteOperation[]): Promise<WriteResult[]>
  /**
   * What a principal changes: all of it or nothing, and not before `may` has been tested on what is stored and on what
   * comes in its place, in the same transaction. Rejects with Problem 'forbidden', 'stale', 'conflict', 'not-found' or 'gone'; `see` is asked for
   * what a row follows. Changes of the same moment are joined into one transaction.
   */
  change(see: See, changes: readonly Change[]): Promise<WriteResult[]>
  /** One version, the current one too; a version that is a deletion is 'deleted'. https://hl7.org/fhir/R4/http.html#vread */
  readVersion(see: See, type: string, id: string, version: number): Promise<Found>
  /** Versions from the newest to the oldest; throws Problem 'forbidden' where `see` shows nothing. https://hl7.org/fhir/R4/http.html#history */
  history(see: See, place: HistoryPlace, from?: Cursor): Promise<HistoryPage>
}

export interface LastAsked {
  /** The concept that says of which kind a row is. */
  readonly element: 'code' | 'type'
  /** So many of each kind, and those of the same time as the last of them. */
  readonly most: number
}

export interface EverythingAsked {
  /** The id of the patient, who may be seen. */
  readonly patient: string
  /** Only these types; the others count for what they refer to. */
  readonly types?: readonly string[]
  /** Only what was stamped at or after this (microseconds); shared resources come with what refers to them. */
  readonly since?: number
  /** Only what is dated within [low, high), milliseconds, and what has no date. */
  readonly low?: number
  readonly high?: number
  /** The most resources of a page; it ends earlier where they are large. */
  readonly count: number
}

export interface EverythingPage {
  /** What is the patient's own. */
  readonly matches: readonly Row[]
  /** What belongs to that, and the shared resources to which it refers. */
  readonly included: readonly Row[]
  readonly next?: Cursor
}

/** As in `meta`; a list that would be empty is not there. */
export interface Labels {
  readonly profile?: readonly string[]
  readonly security?: readonly object[]
  readonly tag?: readonly object[]
}

/** A write with the conditions on which it is done. */
export interface Change {
  readonly operation: WriteOperation
  /** What of the type may be created, updated or deleted, as `access` decided; undefined: nothing, refuse. */
  readonly may: { readonly create?: Predicate; readonly update?: Predicate; readonly delete?: Predicate }
  /** If-Match: Problem 'stale' unless one of these is the current version; `any`: unless there is one. */
  readonly ifMatch?: readonly number[] | 'any'
  /** The id was made by the server: Problem 'conflict' when it is taken. */
  readonly isNew?: boolean
  /** References to what is not stored (as literal `Type/id`): Problem 'invalid' names them. */
  readonly refuseDangling?: boolean
  /** Done only when the change at this index of the same call makes a version; else its outcome is 'absent'. */
  readonly accompanies?: number
  /** A deletion that references from other resources forbid: Problem 'conflict' names some of them. */
  readonly refuseReferenced?: boolean
}

export interface HistoryPlace {
  /** Types that are looked through; one with `id`. */
  readonly types: readonly string[]
  readonly id?: string
  /** Only versions stamped at or after this (microseconds). */
  readonly since?: number
  /** Only versions that were current at some time within [low, high). */
  readonly at?: { readonly low: number; readonly high: number }
  readonly count: number
}

export interface HistoryPage {
  readonly versions: readonly Version[]
  readonly total?: number
  readonly next?: Cursor
}

export type Version =
  | { readonly state: 'stored'; readonly row: Row }
  | {
      readonly state: 'deleted'
      readonly type: string
      readonly id: string
      readonly version: number
      readonly updated: number
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
  /** The text as it is stored now; undefined after a deletion. */
  readonly body?: string
}

/** An export as it is kept: what was asked for, by whom, and how far it is. docs/decisions/0017-exports.md tells the whole story. */
import type { Principal } from '#access'
import type { ProblemKind } from '#lib'

/** What was asked for, read; plain JSON. https://hl7.org/fhir/uv/bulkdata/export.html#query-parameters */
export interface ExportRequest {
  readonly level: 'system' | 'patient' | 'group'
  /** Id of the Group, with `level: 'group'`. */
  readonly group?: string
  /** What goes out, all of which the access allowed at kick-off. */
  readonly types: readonly string[]
  /** `_type` named them; else they are all that are allowed. */
  readonly isTyped: boolean
  /** Only what was changed after, or before, this stamp (microseconds). */
  readonly since?: number
  readonly until?: number
  /** `_typeFilter`: search queries of a type, of which one has to match. */
  readonly filters: Readonly<Record<string, readonly string[]>>
  /** `_elements`: root elements by type; under `*` those of every type. */
  readonly elements?: Readonly<Record<string, readonly string[]>>
  /** Ids that `patient` names. */
  readonly patients?: readonly string[]
  /** Which Provenance goes out besides what `types` says. */
  readonly provenance: 'all' | 'latest' | 'none'
  readonly organizedBy?: 'Patient'
  readonly isPartial: boolean
  /** Status tells the code of the export apart from that of the poll (`separate-export-status`). */
  readonly isSeparate?: boolean
}

/** How its files are cut, named and reached: by the practice's settings and dialect at kick-off. */
export interface ExportShape {
  /** A new file begins after so many lines, or before so many bytes of NDJSON. */
  readonly mostLines: number
  readonly mostBytes: number
  readonly isGzipped: boolean
  readonly expiryHours: number
  /** Files are reached by addresses that need no token. */
  readonly isOpen: boolean
  /** Exports that may run at once: of the client, and of all at the practice. */
  readonly mostRunning: number
  readonly mostInPractice: number
}

export type ExportState =
  /** Another export has to end first, of the client or of others at the practice. */
  | 'queued'
  | 'running'
  | 'done'
  | 'failed'
  /** By DELETE, or by an administrator. */
  | 'deleted'
  | 'expired'

/** A notice for the error files: what was left out, or done otherwise than asked. */
export interface Notice {
  readonly severity: 'error' | 'warning' | 'information'
  /** https://hl7.org/fhir/R4/valueset-issue-type.html */
  readonly code: string
  readonly sentence: string
}

export interface NewExport {
  readonly practice: number
  readonly client: string
  readonly user?: string
  readonly principal: Principal
  readonly request: ExportRequest
  readonly shape: ExportShape
  /** The kick-off's URL as the client sent it. */
  readonly address: string
  /** The base that was called, which addresses in answers begin with. */
  readonly base: string
  /** Equal for equal requests of one client. */
  readonly same: string
  /** Hash of the Idempotency-Key. */
  readonly once?: string
  readonly notices: readonly Notice[]
}

export interface Export extends Omit<NewExport, 'same' | 'once' | 'notices'> {
  readonly id: string
  readonly state: ExportState
  /** transactionTime as a stamp; undefined until it has begun. */
  readonly t?: number
  /** 0 to 1. */
  readonly progress: number
  /** Types that are being written. */
  readonly writing: readonly string[]
  /** A step of it failed by something that may pass, and waits to be tried again. */
  readonly isRetried: boolean
  /** Why it failed. */
  readonly problem?: ProblemKind
  readonly sentence?: string
  /** Milliseconds since 1970, as all that follow; `asOf` is the clock that they are by, when this was read. */
  readonly asOf: number
  readonly created: number
  readonly began?: number
  readonly ended?: number
  readonly expires?: number
  readonly poll: { readonly last?: number; readonly toldSeconds?: number; readonly early: number }
  /** Of a partial manifest: how many files each page that was handed out ends with. */
  readonly pages: readonly number[]
}

export interface ExportFile {
  readonly seq: number
  readonly kind: 'output' | 'deleted' | 'error' | 'attachment'
  /** The resource type of its lines, or of what an attachment is: its content type. */
  readonly type: string
  readonly name: string
  /** In the file store. */
  readonly stored: string
  readonly encoding?: 'gzip'
  readonly lines: number
  /** Of NDJSON, and as it lies in the store. */
  readonly bytes: number
  readonly storedBytes: number
  /** The file in which a block goes on, with `organizedBy`. */
  readonly continuesIn?: string
}

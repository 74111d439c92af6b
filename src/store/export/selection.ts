/** What of a type goes out, as parts of an export hold it: plain JSON. */
export interface Selection {
  readonly type: string
  /** With others, of which few rows go out: read together, one type after the other (`lines-of-types.ts`). */
  readonly types?: readonly string[]
  readonly of: Choice
  /** Rows whose place (rid; in a cohort the patient's key) lies within (lo, hi]. */
  readonly lo: string
  readonly hi: string
}

export type Choice =
  /** Every row of the type. */
  | 'all'
  /** Those that are some patient's. */
  | 'owned'
  /** Those of the export's members. */
  | 'members'
  /** Those that were noted for the export. */
  | 'rows'

/** The export whose rows are read. */
export interface ExportPlace {
  readonly practice: number
  readonly id: string
  readonly t: number
  /** Only what was changed after, or before, this stamp (microseconds). */
  readonly since?: number | undefined
  readonly until?: number | undefined
}

export const least = '-9223372036854775808'
export const greatest = '9223372036854775807'

/** How bulk exports are addressed, named and told of (specs/seeds.md 1.2, rows `export.*`). */
export interface ExportForm {
  /** Below the practice's root: `$export`, `Patient/$export` and `Group/{id}/$export` answer there, too. */
  readonly kickOffBases: readonly string[]
  /**
   * Addresses below the practice's root with `{id}`; the first is handed out, all answer. None: only
   * `{base}/$export-status/{id}`, which answers everywhere.
   */
  readonly statusPaths: readonly string[]
  /** The same for files, with `{practice}`, `{id}`, `{type}` and `{name}`; the standard is `{base}/$export-file/{id}/{name}`. */
  readonly filePaths: readonly string[]
  /** With `{Type}`, or `{type}` in lower case, and `{n}`, which counts from 1. */
  readonly fileName: string
  /** Initial values of the practice's settings. */
  readonly maxLinesPerFile: number
  readonly expiryHours: number
  readonly urls: 'bearer' | 'capability'
  readonly retryAfterUnit: 'seconds' | 'minutes'
  /** What `X-Progress` says. */
  readonly progress: 'percent-and-types' | 'percent' | 'in-progress'
  /** `utc`: read so, and the error files say it; `refuse`: unless the client prefers lenient handling (C10). */
  readonly sinceWithoutZone: 'refuse' | 'utc'
  /** `details.text` of the refusal of another `_outputFormat`; the formats then stand in `diagnostics` (C11). */
  readonly badFormatText: string | undefined
  /** Code of the 403 for a file that is not there; undefined: 404, or 410 after its time (C15). */
  readonly missingFileCode: string | undefined
  /** What asking the same again gives while it runs (C18). */
  readonly sameRequest: 'new' | 'running'
}

/** As https://hl7.org/fhir/uv/bulkdata/export.html has it, with numbers of our own. */
export const standardExport: ExportForm = {
  kickOffBases: [],
  statusPaths: [],
  filePaths: [],
  fileName: '{Type}-{n}.ndjson',
  maxLinesPerFile: 10_000,
  expiryHours: 48,
  urls: 'bearer',
  retryAfterUnit: 'seconds',
  progress: 'percent-and-types',
  sinceWithoutZone: 'refuse',
  badFormatText: undefined,
  missingFileCode: undefined,
  sameRequest: 'new',
}

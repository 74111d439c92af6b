import type { ErrorForm } from './error-form.ts'
import type { ExportForm } from './export-form.ts'
import type { DialectName } from './names.ts'

/**
 * How a practice speaks where the described systems differ: one field for each difference (specs/seeds.md 1.2). Code
 * asks for a value, never for the name. A dialect may add paths, accept more, change wording and numbers; it never
 * widens what a token may read.
 */
export interface Dialect {
  readonly name: DialectName
  /** FHIR bases below the practice's root, besides the standard `/fhir/r4`. */
  readonly fhirPaths: readonly string[]
  /** `patient` in a path is `Patient`; ids keep their case. */
  readonly typeNamesIgnoreCase: boolean
  /** Alias bases that serve one kind of person only; others are refused there. */
  readonly audienceByPath: Readonly<Record<string, Audience>>
  /** Addresses of the token endpoint below the practice's root, besides the standard one. */
  readonly tokenPaths: readonly string[]
  /** Address below the practice's root of the page where a person makes a token by hand (INT-3). */
  readonly tokenPage: string | undefined
  /** Members of a token answer beside those of the standard (C26). */
  readonly tokenResponseExtras: (places: { readonly root: string }) => Readonly<Record<string, unknown>>
  /** A header that carries the access token, besides `Authorization: Bearer`; in lower case. */
  readonly tokenHeader: string | undefined
  /** `by-prefer`: `Prefer: handling=`, else the practice's setting; `refuse`: 400 whatever the client prefers. */
  readonly unknownSearchParameter: 'by-prefer' | 'refuse'
  /** Answer to a searched code outside the required value set of its element. */
  readonly invalidCodeStatus: 400 | 403
  /** Initial value of the practice's setting: Patient by little more than gender or birth date is refused. */
  readonly refuseWeakPatientSearch: boolean
  /** `digits`: only digits count and the country prefix is optional (X11). */
  readonly phoneMatch: 'exact' | 'digits'
  readonly errors: ErrorForm
  readonly payloadTooLargeStatus: 412 | 413
  /** POST of a resource that has an id already (C2). */
  readonly createWithId: 'ignore' | 'refuse'
  readonly updateNeedsIfMatch: boolean
  /** Whether a confidential app that is registered without PKCE may leave it out (C7); a public one never. */
  readonly pkce: 'required' | 'by-registration'
  /** Spellings of scopes, each with the scope that it is read as; the answer repeats the spelling asked for. */
  readonly scopeAliases: Readonly<Record<string, string>>
  /** What is taken off a requested scope before it is read. */
  readonly scopeCleanup: 'none' | 'trailing-backslash'
  /** Initial values of the practice's settings. */
  readonly tokenSeconds: { readonly backend: number; readonly user: number }
  readonly export: ExportForm
  /** Groups by age that each practice of the dialect has: whole years, from `low` up to, not including, `high`. */
  readonly builtInGroups: readonly BuiltInGroup[]
}

export interface BuiltInGroup {
  readonly id: string
  readonly name: string
  readonly low?: number
  readonly high?: number
}

export type Audience = 'practice' | 'patients'

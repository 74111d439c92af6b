/** An app as the whole installation knows it; what a practice permits it is a Permission. */
export interface App {
  /** Its client_id. */
  readonly client: string
  readonly name: string
  readonly type: AppType
  readonly state: AppState
  /** Why it is in this state, where somebody said so. */
  readonly reason: string | undefined
  readonly record: AppRecord
  /** Hashes of the secrets that are good now; two while they are changed. */
  readonly secrets: readonly string[]
}

export const appTypes = ['public', 'symmetric', 'asymmetric', 'backend'] as const
export type AppType = (typeof appTypes)[number]

/** Who uses an app: patients and who acts for them, staff of practices, both, or nobody, as it works by itself. */
export const appUses = ['patient', 'provider', 'both', 'bulk'] as const
export type AppUse = (typeof appUses)[number]

export type AppState = 'draft' | 'in-review' | 'sandbox' | 'approved' | 'rejected' | 'suspended' | 'retired'

export const smartVersions = ['2.2', '2.0', '1.0.0'] as const

/** What an app registered. */
export interface AppRecord {
  readonly redirectUris: readonly string[]
  readonly launchUris: readonly string[]
  /** Of its pages, beside those of its redirect URIs. */
  readonly origins: readonly string[]
  readonly scopes: string
  /** Undefined: it was registered before this was asked, and is used as `provider`. */
  readonly use?: AppUse
  readonly smartVersion: (typeof smartVersions)[number]
  readonly pkce: 'required' | 'none'
  /** False: its redirects carry no `iss` (RFC 9207), which it would take for a launch. */
  readonly issuerInRedirect?: boolean
  readonly keys?: ClientKeys
  readonly logo?: string
  readonly policy?: string
  readonly terms?: string
  /** May make launches for its users. */
  readonly trustedLaunch: boolean
  readonly skipConsent: boolean
  /** The number of the one practice that it serves; undefined: whoever permits it. */
  readonly onlyPractice?: number
}

/** Public keys: a set as it was given, or where to read it. */
export type ClientKeys = { readonly set: KeySet } | { readonly url: string }

/** https://www.rfc-editor.org/rfc/rfc7517#section-5 */
export interface KeySet {
  readonly keys: readonly Jwk[]
}

export interface Jwk {
  readonly kty: string
  readonly kid?: string
  readonly alg?: string
  readonly use?: string
  readonly key_ops?: readonly string[]
  readonly [member: string]: unknown
}

/** Whether people may open their own records with it wherever they are (specs/model.md 1, R22). */
export function servesPatients({ record: { use } }: Pick<App, 'record'>): boolean {
  return use === 'patient' || use === 'both'
}

/** Whose pages may read what is answered to the app. */
export function originsOf({ record }: App): readonly string[] {
  const ofPages = record.redirectUris.filter((uri) => /^https?:/.test(uri)).map((uri) => new URL(uri).origin)
  return [...new Set([...record.origins, ...ofPages])]
}

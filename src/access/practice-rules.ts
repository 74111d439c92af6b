/** What a practice's settings and its permission for the client say about access. */
export interface PracticeRules {
  /** What user/ scopes of the practice's staff reach: every patient, or those with whom they have to do. */
  readonly visibility: 'practice' | 'assigned'
  readonly sensitive: readonly SensitiveLabel[]
  readonly writes: boolean
  /** Whether apps of patients and guardians may write, too. */
  readonly patientWrites: boolean
  /** What the practice permits the client at hand; the operator needs none. */
  readonly permission?: Permission
  /** Ages in years by patient id, for labels hidden from guardians; who is missing counts as of that age. */
  readonly ages?: ReadonlyMap<string, number>
  /** The rows go into an export, which limits them to its group by itself. */
  readonly isExport?: boolean
}

export interface SensitiveLabel {
  /** `system|code` of meta.security. */
  readonly label: string
  readonly hiddenFrom: readonly HiddenFrom[]
  /** Age in years from which guardians of minors see it no longer. */
  readonly fromAge?: number
}

export type HiddenFrom = 'guardians-of-minors' | 'provider-apps' | 'system-apps' | 'exports'

export interface Permission {
  /** False while disabled or suspended: nothing at all. */
  readonly isEnabled: boolean
  /** system/ scopes count as far as these allow the same. */
  readonly scopes: string
  /** Undefined: every type. */
  readonly types?: readonly string[]
  /** Groups that the app may export: then it sees no patient's rows outside an export. Undefined: everybody's. */
  readonly groups?: readonly string[]
}

/** The client of the command line: exempt from permissions, never from audit. */
export const operator = 'operator'

/**
 * The answer of the one decision (model.md part 3, security.md 1.1): what of a type a principal may see.
 * `undefined` in place of a Predicate means: nothing, refuse. The store joins the predicate into every statement.
 */
import type { Condition } from '#fhir'

export interface Principal {
  readonly practice: number
  readonly client: string
  /** Reference of the person, such as "Practitioner/12"; undefined for a backend app. */
  readonly user?: string
  readonly role?: 'clinician' | 'administrator' | 'auditor' | 'patient' | 'guardian'
  /** Patient ids in context: exactly one for patient/ scopes; the linked ones for user/ scopes of a patient or guardian. */
  readonly patients: readonly string[]
  readonly scopes: string
  readonly launch?: Readonly<Record<string, unknown>>
  readonly breakGlass?: boolean
  readonly requestId: string
}

export type Interaction = 'create' | 'read' | 'update' | 'delete' | 'search'

/** A row is visible when it meets any clause; no clause, no row. */
export interface Predicate {
  readonly any: readonly Clause[]
}

export interface Clause {
  /** Only rows of these patients (ids); undefined: whosever. */
  readonly patients?: readonly string[]
  /** Only rows of patients with an Encounter, CareTeam or access row that names this user (`visibility: assigned`). */
  readonly assignedTo?: string
  /** With `patients` or `assignedTo`: rows that are nobody's count too (a Device without a patient is shared). */
  readonly orNobodys?: boolean
  /** Provenance, Binary: only rows that belong to a row which the same principal may read. */
  readonly follows?: boolean
  /** The constraints of a granular scope (`?category=…`), all of which hold. */
  readonly where: readonly Condition[]
  /** Labels (`system|code` of meta.security) that hide a row from this principal. */
  readonly hidden: readonly string[]
}

/** What the principal may see of a type; undefined: nothing of it. The store asks it for every type it touches. */
export type See = (type: string) => Predicate | undefined

/**
 * The shape of the access decision as the store reads it; `#access` makes it. (The store stands below `access` in the
 * layers, so the types are stated here again by structure and `access` satisfies them.)
 */
import type { Condition } from '#fhir'

export interface Clause {
  readonly patients?: readonly string[]
  readonly assignedTo?: string
  readonly orNobodys?: boolean
  readonly follows?: boolean
  readonly where: readonly Condition[]
  readonly hidden: readonly string[]
}

export interface Predicate {
  readonly any: readonly Clause[]
}

export type See = (type: string) => Predicate | undefined

import type { ProblemKind } from '#lib'

/** How an OperationOutcome tells a failure beyond its sentence. */
export interface ErrorForm {
  /** `issue.details.coding.code` of each kind of problem. */
  readonly names: Readonly<Record<ProblemKind, string>>
  /** The issue in place of ours when a search names parameters that do not exist, in the order of the query. */
  readonly unknownParameters: ((names: readonly string[]) => ReplacedIssue) | undefined
  /** The issue in place of ours when the value of a search parameter is outside its required value set. */
  readonly invalidCode: ((parameter: string) => ReplacedIssue) | undefined
}

export interface ReplacedIssue {
  /** FHIR issue type. */
  readonly code: string
  readonly diagnostics: string
  /** `text.div` of the outcome. */
  readonly narrative: string
}

/** The platform's catalogue: a kind of problem is its own name. */
export const platformErrors: ErrorForm = {
  names: {
    incorrect: 'incorrect',
    invalid: 'invalid',
    unauthenticated: 'unauthenticated',
    forbidden: 'forbidden',
    'not-found': 'not-found',
    gone: 'gone',
    conflict: 'conflict',
    stale: 'stale',
    unsupported: 'unsupported',
    'not-allowed': 'not-allowed',
    'not-acceptable': 'not-acceptable',
    'unsupported-media': 'unsupported-media',
    'too-large': 'too-large',
    'too-costly': 'too-costly',
    busy: 'busy',
    unavailable: 'unavailable',
    fault: 'fault',
  },
  unknownParameters: undefined,
  invalidCode: undefined,
}

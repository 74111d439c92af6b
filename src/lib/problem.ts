/** Why something could not be done. The edges (`http/fhir-replies.ts` and its kin) map every kind to a status. */
export type ProblemKind =
  | 'incorrect' // the request is malformed or asks for what cannot be: 400
  | 'invalid' // the content is well formed and breaks a profile or a business rule: 422
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'gone'
  | 'conflict'
  | 'stale'
  | 'unsupported' // known to the standard, not offered here: 501
  | 'not-allowed' // this method is not offered at this address: 405
  | 'not-acceptable' // none of the formats that the client accepts is offered: 406
  | 'unsupported-media' // the body is of a format that is not read: 415
  | 'too-large'
  | 'too-costly'
  | 'busy'
  | 'unavailable'
  | 'fault'

/** One of several things that are wrong at once. */
export interface ProblemPart {
  readonly sentence: string
  /** FHIR issue type. */
  readonly issue: string
  /** FHIRPath of the element at fault. */
  readonly expression: string
}

export interface ProblemOptions {
  /** FHIRPath of the element or name of the parameter at fault. */
  readonly expression?: string | readonly string[]
  /** FHIR issue type (https://hl7.org/fhir/R4/valueset-issue-type.html) where the kind's usual one is too coarse. */
  readonly issue?: string
  /** What exactly is wrong: each part is told as an issue of its own, in place of the sentence. */
  readonly parts?: readonly ProblemPart[]
  /** Of what passes: when it is worth another try. */
  readonly retryAfterSeconds?: number
  readonly cause?: unknown
}

/** A failure that may be told: the sentence goes to the caller, so it holds no token and no patient data. */
export class Problem extends Error {
  readonly kind: ProblemKind
  readonly expression: readonly string[]
  readonly issue: string | undefined
  readonly parts: readonly ProblemPart[]
  readonly retryAfterSeconds: number | undefined

  constructor(kind: ProblemKind, sentence: string, options: ProblemOptions = {}) {
    super(sentence, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Problem'
    this.kind = kind
    this.expression = options.expression === undefined ? [] : [options.expression].flat()
    this.issue = options.issue
    this.parts = options.parts ?? []
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}

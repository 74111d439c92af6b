import { Problem, type ProblemKind } from '#lib'

/** Errors of RFC 6749 5.2 and its kin with the kind of problem that each is. */
const kinds = {
  invalid_request: 'incorrect',
  invalid_client: 'unauthenticated',
  unauthorized_client: 'incorrect',
  unsupported_grant_type: 'incorrect',
  invalid_scope: 'incorrect',
  invalid_token: 'unauthenticated',
  invalid_grant: 'incorrect',
  insufficient_scope: 'forbidden',
  // told by redirect: RFC 6749 4.1.2.1, OpenID Connect Core 3.1.2.6
  access_denied: 'forbidden',
  unsupported_response_type: 'incorrect',
  request_not_supported: 'incorrect',
  request_uri_not_supported: 'incorrect',
  login_required: 'incorrect',
  interaction_required: 'incorrect',
  consent_required: 'incorrect',
  slow_down: 'busy',
} as const satisfies Record<string, ProblemKind>

export type OAuthError = keyof typeof kinds

interface OAuthOptions {
  /** In place of the usual status of the error. */
  readonly status?: number
  readonly retrySeconds?: number
  readonly cause?: unknown
}

/** A refusal in the words of OAuth; the sentence becomes its error_description. */
export class OAuthProblem extends Problem {
  readonly error: OAuthError
  readonly status: number | undefined
  readonly retrySeconds: number | undefined

  constructor(error: OAuthError, sentence: string, { status, retrySeconds, cause }: OAuthOptions = {}) {
    super(kinds[error], sentence, { issue: error, cause })
    this.error = error
    this.status = status
    this.retrySeconds = retrySeconds
  }
}

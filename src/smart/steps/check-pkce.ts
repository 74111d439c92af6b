import type { Practice } from '#http'
import type { App } from '#platform'
import type { Form } from '../oauth/form.ts'
import { OAuthProblem } from '../oauth/oauth-problem.ts'
import { isChallenge } from '../oauth/pkce.ts'

/** The challenge (A1): by S256, and left out by none but a confidential app that is registered so where the dialect allows it (C7). */
export function checkPkce({ dialect }: Practice, { type, record }: App, form: Form): string | undefined {
  const challenge = form.get('code_challenge')
  if (challenge === undefined) {
    if (form.has('code_challenge_method'))
      throw new OAuthProblem('invalid_request', 'The parameter code_challenge is missing')
    if (dialect.pkce === 'by-registration' && type !== 'public' && record.pkce === 'none') return undefined
    throw new OAuthProblem(
      'invalid_request',
      'The parameters code_challenge and code_challenge_method=S256 are missing: PKCE is required',
    )
  }
  if (form.get('code_challenge_method') !== 'S256') {
    throw new OAuthProblem('invalid_request', 'The code_challenge_method is not offered: S256 is wanted')
  }
  if (isChallenge(challenge)) return challenge
  throw new OAuthProblem(
    'invalid_request',
    'The code_challenge is not the base64url form of a SHA-256 hash: 43 letters are wanted',
  )
}

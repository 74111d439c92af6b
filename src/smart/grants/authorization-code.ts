import type { Runner } from '#db'
import { required } from '../oauth/form.ts'
import { OAuthProblem } from '../oauth/oauth-problem.ts'
import { isVerifierOf } from '../oauth/pkce.ts'
import { otherScopes } from '../scopes/offered-scopes.ts'
import { grantOfCode, type SpentCode, spendCode } from '../tokens/code-store.ts'
import { holdGrant, revokeGrants, type StoredGrant } from '../tokens/grant-store.ts'
import type { Grant, Granted, GrantRequest } from './grant.ts'
import { idToken } from './id-token.ts'
import { giveTokens } from './user-tokens.ts'

/** The code of a person who allowed it: https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3 */
export const authorizationCode: Grant = {
  type: 'authorization_code',
  apps: ['public', 'symmetric', 'asymmetric'],
  levels: ['patient', 'user'],
  otherScopes: [...otherScopes],
  capabilities: [
    'sso-openid-connect',
    'context-standalone-patient',
    'context-standalone-encounter',
    'permission-patient',
    'permission-user',
  ],

  async run(parts, request) {
    const { practice } = request.asked
    const code = required(request.form, 'code')
    const outcome = await parts.db.transaction((transaction) => exchange(transaction, { parts, request, code }))
    if ('problem' in outcome) {
      const { grantId, problem } = outcome
      if (grantId !== undefined) await revokeGrants(parts.db, practice.number, { id: grantId }, problem.message)
      throw problem
    }
    const { grant, granted } = outcome
    const id = await idToken(parts, practice, grant)
    return { ...granted, members: { ...(id !== undefined && { id_token: id }), ...granted.members } }
  },
}

/** What is wrong is told when the transaction has ended, so that a code stays spent whatever came of it. */
type Outcome =
  | { readonly grant: StoredGrant; readonly granted: Granted }
  | { readonly problem: OAuthProblem; readonly grantId?: string }

interface Exchange {
  readonly parts: Parameters<Grant['run']>[0]
  readonly request: GrantRequest
  readonly code: string
}

async function exchange(transaction: Runner, { parts, request, code }: Exchange): Promise<Outcome> {
  const { asked, client } = request
  const { practice } = asked
  const { app } = client
  const place = { practice: practice.number, client: app.client, code }
  const grantId = await grantOfCode(transaction, place)
  const grant = grantId === undefined ? undefined : await holdGrant(transaction, practice.number, grantId)
  if (grantId === undefined || !grant) return { problem: unknown() }
  const spent = await spendCode(transaction, place)
  if (spent === 'expired') return { problem: unknown() }
  // RFC 6749 §4.1.2: a second use of a code revokes what the first one gave
  if (spent === 'used') return { problem: new OAuthProblem('invalid_grant', 'The code was used before'), grantId }
  const problem = mismatch(spent, request)
  if (problem) return { problem, grantId }
  return { grant, granted: await giveTokens(transaction, { parts, practice, app, grant, scope: grant.scope }) }
}

function unknown(): OAuthProblem {
  return new OAuthProblem(
    'invalid_grant',
    'The code is not known for this app or has expired: send the person through authorization again',
  )
}

/** Whether it is the app that sent the person: A2, P22. */
function mismatch({ redirectUri, challenge }: SpentCode, { form }: GrantRequest): OAuthProblem | undefined {
  if (form.get('redirect_uri') !== redirectUri) {
    return new OAuthProblem('invalid_grant', 'The redirect_uri is not the one of the authorization request')
  }
  const verifier = form.get('code_verifier')
  if (challenge === undefined) {
    return verifier === undefined
      ? undefined
      : new OAuthProblem(
          'invalid_grant',
          'There is a code_verifier, but the authorization request had no code_challenge',
        )
  }
  if (verifier === undefined) return new OAuthProblem('invalid_grant', 'The parameter code_verifier is missing')
  if (isVerifierOf(challenge, verifier)) return undefined
  return new OAuthProblem('invalid_grant', 'The code_verifier is not the one of the code_challenge')
}

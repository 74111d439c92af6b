import type { Asked, Reply } from '#http'
import { claimsOf } from '../grants/id-token.ts'
import { bearerIn } from '../oauth/bearer.ts'
import { OAuthProblem } from '../oauth/oauth-problem.ts'
import { jsonReply, oauthReply } from '../oauth/oauth-replies.ts'
import type { SmartParts } from '../parts.ts'
import { findAccessToken } from '../tokens/access-tokens.ts'
import type { SmartEndpoint } from './smart-endpoint.ts'

/** Who granted a token. https://openid.net/specs/openid-connect-core-1_0.html#UserInfo */
export function userinfo(parts: SmartParts): readonly SmartEndpoint[] {
  const shared = {
    ...({ path: '/auth/userinfo', below: 'root', name: 'userinfo', readers: 'any' } as const),
    answer: (asked: Asked) => tell(parts, asked),
    refused: oauthReply,
  }
  return [
    { ...shared, method: 'GET', advertised: { member: 'userinfo_endpoint' } },
    { ...shared, method: 'POST' },
  ]
}

async function tell({ find, now }: SmartParts, asked: Asked): Promise<Reply> {
  const { practice } = asked
  const token = bearerIn(asked)
  if (token === undefined) throw new OAuthProblem('invalid_token', 'An access token is wanted: Authorization: Bearer')
  const found = await findAccessToken(find, practice.number, token)
  if (!found || found.exp * 1000 <= now())
    throw new OAuthProblem('invalid_token', 'The access token is not known here or has expired')
  asked.isFrom(found.client, [])
  const { sub, base } = found.context
  if (sub === undefined || base === undefined || !found.scope.split(' ').includes('openid')) {
    throw new OAuthProblem('insufficient_scope', 'The access token was given without the scope openid')
  }
  return jsonReply(claimsOf({ subject: sub, fhirUser: found.user, base, scope: found.scope }))
}

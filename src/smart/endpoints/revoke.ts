import type { Asked, Reply } from '#http'
import { authenticateClient, type ClientParts, spend } from '../clients/authenticate-client.ts'
import { readForm, required } from '../oauth/form.ts'
import { jsonReply, oauthReply } from '../oauth/oauth-replies.ts'
import { revokeGrants } from '../tokens/grant-store.ts'
import { findRefresh } from '../tokens/refresh-store.ts'
import { removeToken } from '../tokens/remove-tokens.ts'
import type { SmartEndpoint } from './smart-endpoint.ts'

/** An app gives a token back. https://www.rfc-editor.org/rfc/rfc7009 */
export function revocation(parts: ClientParts): SmartEndpoint {
  return {
    ...{ method: 'POST', path: '/auth/revoke', below: 'root', name: 'revoke', readers: 'of-client' },
    answer: (asked) => revoke(parts, asked),
    refused: oauthReply,
    advertised: { member: 'revocation_endpoint', oauthUri: 'revoke' },
  }
}

/** 200 also where there is no such token, or it is another app's: §2.2. */
async function revoke(parts: ClientParts, asked: Asked): Promise<Reply> {
  const { practice, requestId } = asked
  const form = readForm(asked.form)
  const client = await authenticateClient(parts, asked, form)
  const token = required(form, 'token')
  await spend(parts, practice.number, client)
  const given = { practice: practice.number, client: client.app.client, token }
  const scope = (await removeToken(parts.db, given)) ?? (await endGrant(parts, given))
  if (scope !== undefined) {
    parts.report({
      event: 'revocation',
      request: requestId,
      practice: practice.id,
      client: client.app.client,
      user: undefined,
      scope,
    })
  }
  return jsonReply({})
}

/** With a refresh token goes all that it could renew: RFC 7009 §2.1. An access token goes alone (P17). */
async function endGrant(
  { db }: ClientParts,
  { practice, client, token }: { readonly practice: number; readonly client: string; readonly token: string },
): Promise<string | undefined> {
  const found = await findRefresh(db, practice, token)
  if (found?.client !== client) return undefined
  await revokeGrants(db, practice, { id: found.grantId }, 'given back by the app')
  return found.scope
}

import { type Asked, type Reply, standardPath } from '#http'
import { Problem } from '#lib'
import type { App } from '#platform'
import { authenticateClient, type ClientParts, spend } from '../clients/authenticate-client.ts'
import { checkOpen } from '../clients/permission-of.ts'
import { claimsOf } from '../grants/id-token.ts'
import { contextMembers } from '../launches/launch-context.ts'
import { bearerIn } from '../oauth/bearer.ts'
import { type Form, readForm, required } from '../oauth/form.ts'
import { OAuthProblem } from '../oauth/oauth-problem.ts'
import { jsonReply, oauthReply } from '../oauth/oauth-replies.ts'
import { type AccessToken, authenticate, findAccessToken } from '../tokens/access-tokens.ts'
import type { SmartEndpoint } from './smart-endpoint.ts'

/**
 * What a token is, for who holds it and proves to be an app or shows a token of its own (A39 to A42).
 * https://www.rfc-editor.org/rfc/rfc7662
 */
export function introspection(parts: ClientParts): SmartEndpoint {
  return {
    ...{ method: 'POST', path: '/auth/introspect', below: 'root', name: 'introspect', readers: 'of-client' },
    answer: (asked) => introspect(parts, asked),
    refused: oauthReply,
    advertised: { member: 'introspection_endpoint', oauthUri: 'introspect' },
  }
}

async function introspect(parts: ClientParts, asked: Asked): Promise<Reply> {
  const { practice } = asked
  const form = readForm(asked.form)
  await admit(parts, asked, form)
  const found = await findAccessToken(parts.find, practice.number, required(form, 'token'))
  if (!found || found.exp * 1000 <= parts.now()) return jsonReply({ active: false })
  return jsonReply(active(found, practice.root, await parts.apps.app(found.client)))
}

async function admit(parts: ClientParts, asked: Asked, form: Form): Promise<void> {
  const bearer = bearerIn(asked)
  if (bearer !== undefined) {
    const { client } = await authenticate(parts.find, asked.practice.number, bearer, asked.requestId).catch(asOAuth)
    return asked.isFrom(client, [])
  }
  const client = await authenticateClient(parts, asked, form)
  if (client.app.type === 'public') {
    throw new OAuthProblem(
      'invalid_client',
      'A public app cannot prove who it is: send an access token as Authorization: Bearer',
    )
  }
  await checkOpen(parts, asked, client)
  await spend(parts, asked.practice.number, client)
}

function asOAuth(cause: unknown): never {
  if (cause instanceof Problem && cause.kind === 'unauthenticated') {
    throw new OAuthProblem('invalid_token', cause.message, { cause })
  }
  throw cause
}

/** What the token answer told of the launch and the person (A40, A41). */
function active({ client, user, scope, context, exp }: AccessToken, root: string, app: App | undefined) {
  const { sub, base, launch = {} } = context
  const [patient, ...others] = context.patients ?? []
  const isIdentified = sub !== undefined && scope.split(' ').includes('openid')
  return {
    active: true,
    scope,
    client_id: client,
    exp: Math.floor(exp),
    token_type: 'Bearer',
    aud: base ?? root + standardPath,
    ...(user !== undefined && sub === undefined && { fhirUser: user }),
    ...(patient !== undefined && others.length === 0 && sub === undefined && { patient }),
    ...contextMembers(launch, app?.record ?? { smartVersion: '2.2' }),
    ...(isIdentified && {
      iss: root,
      ...claimsOf({ subject: sub, fhirUser: user, base: base ?? root + standardPath, scope }),
    }),
  }
}

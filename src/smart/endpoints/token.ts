import type { Asked, Endpoint, Reply } from '#http'
import { practiceNumbered } from '#platform'
import {
  authenticateClient,
  type Client,
  type ClientParts,
  spend,
  unknownClient,
} from '../clients/authenticate-client.ts'
import { readCredentials } from '../clients/credentials.ts'
import { checkOpen } from '../clients/permission-of.ts'
import { tokenPath } from '../discovery/token-addresses.ts'
import type { Grant } from '../grants/grant.ts'
import { grants } from '../grants/grants.ts'
import { type Form, readForm, required } from '../oauth/form.ts'
import { OAuthProblem } from '../oauth/oauth-problem.ts'
import { jsonReply, oauthReply } from '../oauth/oauth-replies.ts'
import type { SmartEndpoint } from './smart-endpoint.ts'

/** https://www.rfc-editor.org/rfc/rfc6749#section-3.2; `paths`: where dialects have it besides. */
export function tokenEndpoints(parts: ClientParts, paths: readonly string[]): readonly SmartEndpoint[] {
  const answer = (asked: Asked) => giveToken(parts, asked)
  const shared = {
    method: 'POST',
    below: 'root',
    name: 'token',
    readers: 'of-client',
    answer,
    refused: oauthReply,
  } as const
  const aliases = [...new Set(paths)].flatMap((path): Endpoint[] => {
    const alias: Endpoint = { ...shared, path, isAt: ({ dialect }) => dialect.tokenPaths.includes(path) }
    return [alias, { ...alias, below: 'server', practiceOf: (given) => onlyPracticeOf(parts, given) }]
  })
  return [{ ...shared, path: tokenPath, advertised: { member: 'token_endpoint', oauthUri: 'token' } }, ...aliases]
}

/** Of an app that serves one practice, that one: it need not name it (specs/model.md 5). */
async function onlyPracticeOf({ apps, db }: ClientParts, { form, headers }: Pick<Asked, 'form' | 'headers'>) {
  const app = await apps.app(readCredentials(headers, readForm(form)).client)
  const { onlyPractice } = app?.record ?? {}
  if (onlyPractice === undefined) throw unknownClient()
  return (await practiceNumbered(db, onlyPractice)).id
}

async function giveToken(parts: ClientParts, asked: Asked): Promise<Reply> {
  const { practice } = asked
  const given = readForm(asked.form)
  const grant = grantOf(given)
  const form = await withClient(parts, asked, { grant, form: given })
  const client = await authenticateClient(parts, asked, form)
  checkType(client, grant)
  await checkOpen(parts, asked, client)
  if (!grant.spendsAssertion) await spend(parts, practice.number, client)
  const { token, scope, seconds, user, members } = await grant.run(parts, { asked, form, client })
  parts.report({
    event: 'grant',
    request: asked.requestId,
    practice: practice.id,
    client: client.app.client,
    user,
    grant: grant.type,
    scope,
  })
  return jsonReply({
    access_token: token,
    token_type: 'Bearer',
    expires_in: seconds,
    scope,
    ...members,
    ...practice.dialect.tokenResponseExtras(practice),
  })
}

/** Names the app in a form that leaves it to what is spent: a public app's, which proves nothing by naming itself. */
async function withClient(
  parts: ClientParts,
  asked: Asked,
  { grant, form }: { readonly grant: Grant; readonly form: Form },
): Promise<Form> {
  const names = asked.headers.authorization !== undefined || form.has('client_id') || form.has('client_assertion')
  if (names || !grant.clientOf) return form
  const client = await grant.clientOf(parts, asked, form)
  return client === undefined ? form : new Map([...form, ['client_id', client]])
}

function grantOf(form: Form): Grant {
  const type = required(form, 'grant_type')
  const grant = grants.find((one) => one.type === type)
  if (grant) return grant
  const known = grants.map((one) => one.type).join(', ')
  throw new OAuthProblem('unsupported_grant_type', `The grant_type is not offered here: there is ${known}`)
}

function checkType({ app }: Client, { apps, type }: Grant) {
  if (apps.includes(app.type)) return
  throw new OAuthProblem(
    'unauthorized_client',
    `An app of type ${app.type} may not use ${type}: it is for ${apps.join(' and ')} apps`,
  )
}

import type { Asked, Reply } from '#http'
import { type Actor, actorOf, launchedActor } from '../actor.ts'
import type { ClientParts } from '../clients/authenticate-client.ts'
import type { FlowParts } from '../flow-parts.ts'
import { networkOf } from '../limits/network-of.ts'
import { readForm } from '../oauth/form.ts'
import { OAuthProblem } from '../oauth/oauth-problem.ts'
import { pageEndpoints } from '../screens/page-endpoint.ts'
import { proveTarget, readRequest } from '../steps/authorize-steps.ts'
import type { Pending } from '../steps/pending.ts'
import { keep, proceed } from '../steps/proceed.ts'
import { refuseBack } from '../steps/redirect-back.ts'
import type { SmartEndpoint } from './smart-endpoint.ts'

/** Where an app sends its user (A3): https://www.rfc-editor.org/rfc/rfc6749#section-3.1 */
export function authorizeEndpoints(parts: ClientParts): readonly SmartEndpoint[] {
  const answer = (asked: Asked) => authorize(parts, asked)
  const place = { path: '/auth/authorize', name: 'authorize', get: answer, post: answer, isSpending: true }
  return pageEndpoints(parts.settingsOf, place).map((each) => (each.method === 'GET' ? { ...each, advertised } : each))
}

const advertised: NonNullable<SmartEndpoint['advertised']> = {
  member: 'authorization_endpoint',
  oauthUri: 'authorize',
  capabilities: ['launch-standalone', 'authorize-post'],
  members: {
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    authorization_response_iss_parameter_supported: true,
  },
}

async function authorize(parts: ClientParts, asked: Asked): Promise<Reply> {
  const { practice, headers, address } = asked
  parts.limit.count(
    `authorize ${practice.number} ${networkOf(address)}`,
    parts.settingsOf(practice).tokenRequestsPerMinute,
  )
  const form = readForm([...asked.parameters, ...asked.form])
  const target = await proveTarget(parts, practice, form)
  asked.isFrom(target.app.client, [])
  try {
    const pending = await readRequest(parts, target, form)
    const browser = parts.sessions.browserOf(practice, headers)
    const visit = {
      ...target,
      parts,
      asked,
      id: undefined,
      pending,
      browser,
      actor: await actorFor(parts, asked, pending),
    }
    // whether a cookie comes along with a request from elsewhere depends on the browser: what needs one goes on by GET
    return pending.launch || pending.prompt === 'none' ? await proceed(visit) : await keep(visit)
  } catch (problem) {
    return refuseBack(target, problem, { report: parts.report, requestId: asked.requestId })
  }
}

/** Who is signed in: by the EHR's launch, else here. */
export async function actorFor(
  parts: FlowParts,
  { practice, headers }: Asked,
  { launch, since }: Pending,
): Promise<Actor | undefined> {
  if (!launch) {
    const session = await parts.sessions.sessionOf(practice, headers)
    return session && actorOf(session)
  }
  const { person } = launch
  if (person.username === undefined) return launchedActor(person, new Date(since))
  const known = await parts.sessions.personNamed(practice, person.username)
  if (known) return { ...known, signedInAt: new Date(since), session: undefined }
  throw new OAuthProblem('access_denied', 'The account of the person who launched the app is closed')
}

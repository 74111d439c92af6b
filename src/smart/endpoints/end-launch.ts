import type { Asked, Reply } from '#http'
import type { ClientParts } from '../clients/authenticate-client.ts'
import { personIn } from '../launches/launch-app.ts'
import { type Form, readForm } from '../oauth/form.ts'
import { OAuthProblem } from '../oauth/oauth-problem.ts'
import { jsonReply, oauthReply } from '../oauth/oauth-replies.ts'
import { revokeGrants } from '../tokens/grant-store.ts'
import { type Ending, endLaunches } from '../tokens/launch-store.ts'
import { trustedClient } from './launch.ts'
import type { SmartEndpoint } from './smart-endpoint.ts'

/** The EHR says that its user has left: what its launches gave ends, but for what the person granted beyond them (5.5). */
export function endOfLaunch(parts: ClientParts): SmartEndpoint {
  return {
    ...{ method: 'POST', path: '/auth/end-launch', below: 'root', name: 'end-launch', readers: 'of-client' },
    answer: (asked) => end(parts, asked),
    refused: oauthReply,
  }
}

async function end(parts: ClientParts, asked: Asked): Promise<Reply> {
  const { practice, requestId } = asked
  const form = readForm(asked.form)
  const { app } = await trustedClient(parts, asked, form)
  const maker = app.client
  const launches = await endLaunches(parts.db, { practice: practice.number, maker }, endingIn(form))
  const ended = await revokeGrants(parts.db, practice.number, { launches }, 'the launch ended')
  if (ended > 0) {
    parts.report({
      event: 'revocation',
      request: requestId,
      practice: practice.id,
      client: maker,
      user: undefined,
      scope: '',
    })
  }
  return jsonReply({ ended })
}

/** One launch, or everything that this EHR launched for a user of its. */
function endingIn(form: Form): Ending {
  const [launch, user] = [form.get('launch'), form.get('user')]
  if (launch !== undefined && user === undefined) return { launch }
  if (user !== undefined && launch === undefined) return { person: personIn(user) }
  throw new OAuthProblem('invalid_request', 'One of the parameters launch and user is wanted: a launch, or a user name')
}

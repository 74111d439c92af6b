import type { Asked, Reply } from '#http'
import type { ClientParts } from '../clients/authenticate-client.ts'
import { readForm, required } from '../oauth/form.ts'
import { jsonReply, oauthReply } from '../oauth/oauth-replies.ts'
import { revokeGrants } from '../tokens/grant-store.ts'
import { endLaunch } from '../tokens/launch-store.ts'
import { trustedClient } from './launch.ts'
import type { SmartEndpoint } from './smart-endpoint.ts'

/** The EHR says that its user has left: what the launch gave ends, but for what the person granted beyond it (5.5). */
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
  const launch = await endLaunch(parts.db, { practice: practice.number, maker, launch: required(form, 'launch') })
  const ended = launch === undefined ? 0 : await revokeGrants(parts.db, practice.number, { launch }, 'the launch ended')
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

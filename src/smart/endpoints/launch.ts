import { type Asked, type Practice, type Reply, standardPath } from '#http'
import type { App } from '#platform'
import { authenticateClient, type Client, type ClientParts, spend } from '../clients/authenticate-client.ts'
import { permissionOf } from '../clients/permission-of.ts'
import { launchApp } from '../launches/launch-app.ts'
import { type Form, readForm, required } from '../oauth/form.ts'
import { OAuthProblem } from '../oauth/oauth-problem.ts'
import { jsonReply, oauthReply } from '../oauth/oauth-replies.ts'
import { launchSeconds } from '../tokens/launch-store.ts'
import type { SmartEndpoint } from './smart-endpoint.ts'

/** Where an EHR's backend makes a launch for an app (specs/smart.md 5.3). */
export function launching(parts: ClientParts): SmartEndpoint {
  return {
    ...{ method: 'POST', path: '/auth/launch', below: 'root', name: 'launch', readers: 'of-client' },
    answer: (asked) => launch(parts, asked),
    refused: oauthReply,
    advertised: {
      capabilities: ['launch-ehr', 'context-ehr-patient', 'context-ehr-encounter', 'context-banner', 'context-style'],
    },
  }
}

async function launch(parts: ClientParts, asked: Asked): Promise<Reply> {
  const { practice } = asked
  const form = readForm(asked.form)
  const maker = await trustedClient(parts, asked, form)
  const banner = form.get('need_patient_banner')
  if (banner !== undefined && banner !== 'true' && banner !== 'false') {
    throw new OAuthProblem('invalid_request', 'The parameter need_patient_banner is neither true nor false')
  }
  const made = await launchApp(
    parts,
    { practice, maker: maker.app.client, request: asked.requestId },
    {
      ...{ app: required(form, 'app'), user: required(form, 'user') },
      ...{ patient: form.get('patient'), encounter: form.get('encounter'), intent: form.get('intent') },
      ...{ style: form.get('smart_style_url'), fhirContext: form.get('fhirContext') },
      ...(banner !== undefined && { needsBanner: banner === 'true' }),
    },
  )
  return jsonReply(launchAnswer(practice, made))
}

/** What the EHR opens: the app's launch address with both, where it registered one. */
export function launchAnswer(practice: Practice, { launch, app }: { readonly launch: string; readonly app: App }) {
  const iss = practice.root + standardPath
  const [address] = app.record.launchUris
  const query = new URLSearchParams({ iss, launch })
  const url = address === undefined ? undefined : `${address}${address.includes('?') ? '&' : '?'}${query}`
  return { launch, iss, expires_in: launchSeconds, ...(url !== undefined && { launch_url: url }) }
}

/** An app that may make launches and has proven who it is. */
export async function trustedClient(parts: ClientParts, asked: Asked, form: Form): Promise<Client> {
  const client = await authenticateClient(parts, asked, form)
  if (!client.app.record.trustedLaunch || client.app.type === 'public') {
    throw new OAuthProblem('unauthorized_client', 'This app may not make launches: register it with --trusted-launch')
  }
  await permissionOf(parts, asked, client)
  await spend(parts, asked.practice.number, client)
  return client
}

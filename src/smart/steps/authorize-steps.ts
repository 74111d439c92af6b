/** An authorization request, step by step: the order is the security argument (specs/smart.md 2 and 5). */
import type { Practice } from '#http'
import type { Form } from '../oauth/form.ts'
import type { SmartParts } from '../parts.ts'
import { checkAudience } from './check-audience.ts'
import { checkPkce } from './check-pkce.ts'
import { checkRedirectUri } from './check-redirect-uri.ts'
import { checkResponseType, refuseLong, refuseRequestObjects } from './check-request.ts'
import { checkScope } from './check-scope.ts'
import { chooseEncounter } from './choose-encounter.ts'
import { choosePatient } from './choose-patient.ts'
import { consent } from './consent.ts'
import type { Decision } from './decision.ts'
import { type AppHere, findClient } from './find-client.ts'
import { otherPerson } from './other-person.ts'
import type { AuthorizationRequest, Pending } from './pending.ts'
import type { Target } from './redirect-back.ts'
import { signIn } from './sign-in.ts'
import { takeLaunch } from './take-launch.ts'

/** First: who asks, and where the answer goes. What is wrong here its user is shown, and nobody is sent anywhere (P25). */
export async function proveTarget(parts: SmartParts, practice: Practice, form: Form): Promise<Target & AppHere> {
  const { app, given } = await findClient(parts, practice, form.get('client_id'))
  const redirectUri = checkRedirectUri(app, form)
  refuseLong(form)
  return { practice, app, given, redirectUri, ...optional('state', form.get('state')) }
}

/** Then: what is asked. What is wrong here the app is told. The launch comes last, as it is spent. */
export async function readRequest(parts: SmartParts, target: Target, form: Form): Promise<Pending> {
  const { practice, app, redirectUri, state } = target
  refuseRequestObjects(form)
  checkResponseType(form)
  const request: AuthorizationRequest = {
    ...{ client: app.client, redirectUri },
    ...optional('state', state),
    scope: checkScope(form),
    base: checkAudience(practice, form),
    ...optional('challenge', checkPkce(practice, app, form)),
    ...optional('nonce', form.get('nonce')),
    ...promptOf(form),
  }
  return { ...request, since: parts.now(), ...optional('launch', await takeLaunch(parts, target, form)) }
}

/** Last: what a person does, one page each, until nothing is open; then the app has its code. */
export const decisions: readonly Decision[] = [signIn, otherPerson, choosePatient, chooseEncounter, consent]

function promptOf(form: Form): Pick<AuthorizationRequest, 'prompt'> {
  const prompt = form.get('prompt')?.split(' ') ?? []
  if (prompt.includes('none')) return { prompt: 'none' }
  return prompt.includes('login') ? { prompt: 'login' } : {}
}

function optional<Name extends string, Value>(name: Name, value: Value | undefined) {
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: Value }
}

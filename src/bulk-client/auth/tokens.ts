import { Problem } from '#lib'
import { refusal } from '../outcomes.ts'
import { type Answer, type Request, textOf } from '../web/exchange.ts'
import { type ClientKey, clientAssertion } from './client-key.ts'
import { type Discovered, usualScope } from './discovery.ts'

/** Where access tokens come from. */
export interface Tokens {
  /** One that is good for some seconds more; undefined where the client has none. */
  current(): Promise<string | undefined>
  /** Another one for one that was refused; undefined when there is no other. */
  replace(refused: string): Promise<string | undefined>
}

export function givenToken(token: string | undefined): Tokens {
  return { current: async () => token, replace: async () => undefined }
}

export interface Backend {
  readonly client: string
  readonly key: ClientKey
  readonly scope: string | undefined
  discovered(): Promise<Discovered>
  /** `make` is called for each try: an assertion is good for one. */
  ask(url: URL, make: () => Promise<Request>): Promise<Answer>
  readonly now?: () => number
}

const renewedSecondsBefore = 10

/** https://hl7.org/fhir/smart-app-launch/backend-services.html: tokens are asked for when they are needed, by one for all who wait. */
export function backendTokens({ now = Date.now, ...backend }: Backend): Tokens {
  let held: { readonly token: string; readonly renewAt: number } | undefined
  let asked: Promise<string> | undefined

  async function renew(): Promise<string> {
    const start = now()
    const { token, seconds } = await askToken(backend)
    held = { token, renewAt: start + 1000 * Math.max(seconds - renewedSecondsBefore, seconds / 2) }
    return token
  }

  function renewOnce(): Promise<string> {
    asked ??= renew().finally(() => {
      asked = undefined
    })
    return asked
  }

  return {
    current: async () => (held && now() < held.renewAt ? held.token : renewOnce()),
    replace: async (refused) => (held && held.token !== refused ? held.token : renewOnce()),
  }
}

async function askToken({ client, key, scope, discovered, ask }: Omit<Backend, 'now'>) {
  const found = await discovered()
  const answer = await ask(found.tokenUrl, async () => ({
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: scope ?? usualScope(found),
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await clientAssertion(key, client, found.tokenUrl),
    }).toString(),
  }))
  if (answer.status !== 200) throw await refusal('No access token', answer)
  return readToken(await textOf(answer), found.tokenUrl)
}

const usualSeconds = 300

function readToken(text: string, from: URL): { readonly token: string; readonly seconds: number } {
  const { access_token: token, expires_in: seconds } = parsed(text)
  if (typeof token !== 'string' || token === '')
    throw new Problem('unavailable', `${from.href} answers without access_token`)
  return { token, seconds: Number(seconds) > 0 ? Number(seconds) : usualSeconds }
}

function parsed(text: string): Partial<Record<string, unknown>> {
  try {
    return JSON.parse(text) ?? {}
  } catch {
    return {}
  }
}

import { timingSafeEqual } from 'node:crypto'
import type { Asked } from '#http'
import { type App, hashSecret, originsOf } from '#platform'
import { audiencesOf } from '../discovery/token-addresses.ts'
import type { FlowParts } from '../flow-parts.ts'
import { networkOf } from '../limits/network-of.ts'
import type { RequestLimit } from '../limits/request-limit.ts'
import type { Form } from '../oauth/form.ts'
import { OAuthProblem } from '../oauth/oauth-problem.ts'
import type { SmartParts } from '../parts.ts'
import { spendAssertion } from '../tokens/assertions.ts'
import { type AssertionId, verifyAssertion, wrong } from './assertion.ts'
import { type Credentials, readCredentials } from './credentials.ts'
import type { KeyReader } from './key-reader.ts'
import { usesMethod } from './methods.ts'

/** An app that has proven to be itself; a public one has but said so. */
export interface Client {
  readonly app: App
  /** Of the assertion that it used, which is to be stored before anything is given for it (`spendOf`). */
  readonly assertion: AssertionId | undefined
}

export interface ClientParts extends FlowParts {
  readonly keysOf: KeyReader
  readonly limit: RequestLimit
}

/** Who asks; throws `invalid_client` in the same words for an app that is not known and for a secret that is wrong. */
export async function authenticateClient(parts: ClientParts, asked: Asked, form: Form): Promise<Client> {
  const { practice, address, headers } = asked
  const { limit, apps } = parts
  const most = parts.settingsOf(practice).tokenRequestsPerMinute
  const from = `${practice.number} ${networkOf(address)}`
  limit.check(from, most)
  try {
    const credentials = readCredentials(headers, form)
    const app = await apps.app(credentials.client)
    if (app) limit.count(`${from} ${app.client}`, most)
    if (app) asked.isFrom(app.client, originsOf(app))
    return await prove(parts, { asked, form, app, credentials })
  } catch (problem) {
    // guessing ends there, whichever client_id is guessed
    if (problem instanceof OAuthProblem && problem.error === 'invalid_client') limit.count(from, most)
    throw problem
  }
}

/** Stores that the client's assertion was used; throws when it was before. Grants that store it with a token don't ask. */
export async function spend({ db }: SmartParts, practice: number, { app, assertion }: Client): Promise<void> {
  if (!assertion) return
  if (!(await spendAssertion(db, { practice, client: app.client, ...assertion }))) throw usedBefore()
}

export function usedBefore(): OAuthProblem {
  return wrong('its jti was used before: make a new one for each request')
}

interface Claimed {
  readonly asked: Asked
  readonly form: Form
  readonly app: App | undefined
  readonly credentials: Credentials
}

async function prove(parts: ClientParts, { asked, form, app, credentials }: Claimed): Promise<Client> {
  if (credentials.method === 'private_key_jwt') {
    if (!app || !usesMethod(app.type, credentials.method)) throw unknownClient()
    const { assertion } = credentials
    if (assertion.claims.iss !== app.client) throw wrong('its iss and sub are not both the client_id')
    if ((form.get('client_id') ?? app.client) !== app.client) throw wrong('its sub is not the client_id of the form')
    const { keysOf, now, baseUrl } = parts
    const audiences = audiencesOf(asked.practice, app, baseUrl)
    const id = await verifyAssertion(assertion, { app, audiences, keysOf, now })
    return { app, assertion: id }
  }
  const isProven = credentials.method === 'none' || isSecretOf(app, credentials)
  if (!app || !isProven || !usesMethod(app.type, credentials.method)) throw unknownClient()
  return { app, assertion: undefined }
}

/** Takes as long for an app that is not known as for one that is. */
function isSecretOf(
  app: App | undefined,
  { client, secret }: { readonly client: string; readonly secret: string },
): boolean {
  const given = Buffer.from(hashSecret(client, secret))
  const known = [...(app?.secrets ?? []), none, none].slice(0, 2)
  return known.map((hash) => timingSafeEqual(given, Buffer.from(hash))).includes(true)
}

/** As long as a hash, and none. */
const none = '-'.repeat(43)

export function unknownClient(): OAuthProblem {
  return new OAuthProblem(
    'invalid_client',
    'The app is not known here or its credentials are wrong: check client_id, and that it authenticates in the way that it registered',
  )
}

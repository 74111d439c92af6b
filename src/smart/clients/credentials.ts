import type { IncomingHttpHeaders } from 'node:http'
import type { Form } from '../oauth/form.ts'
import { OAuthProblem } from '../oauth/oauth-problem.ts'
import { type Assertion, assertionType, readAssertion } from './assertion.ts'

/** How a request says which app it is from; nothing of it is proven. */
export type Credentials =
  | { readonly method: 'private_key_jwt'; readonly client: string; readonly assertion: Assertion }
  | { readonly method: 'client_secret_basic' | 'client_secret_post'; readonly client: string; readonly secret: string }
  | { readonly method: 'none'; readonly client: string }

/** The credentials of a request; throws unless it has those of one method. https://www.rfc-editor.org/rfc/rfc6749#section-2.3 */
export function readCredentials(headers: IncomingHttpHeaders, form: Form): Credentials {
  const basic = basicOf(headers.authorization)
  const hasAssertion = form.has('client_assertion') || form.has('client_assertion_type')
  const ways = [basic !== undefined, form.has('client_secret'), hasAssertion].filter(Boolean).length
  if (ways > 1) {
    throw new OAuthProblem(
      'invalid_request',
      'The app authenticates in more than one way: send one of Authorization: Basic, client_secret and client_assertion',
    )
  }
  const named = form.get('client_id')
  if (hasAssertion) return assertionOf(form)
  if (basic) {
    if (named !== undefined && named !== basic.client)
      throw new OAuthProblem('invalid_request', 'The client_id of the form is not that of the header Authorization')
    return { method: 'client_secret_basic', ...basic }
  }
  if (named === undefined) {
    throw new OAuthProblem(
      'invalid_client',
      'The request does not say which app it is from: Authorization: Basic, client_assertion or client_id is wanted',
    )
  }
  const secret = form.get('client_secret')
  return secret === undefined
    ? { method: 'none', client: named }
    : { method: 'client_secret_post', client: named, secret }
}

function assertionOf(form: Form): Credentials {
  const assertion = readAssertion(form.get('client_assertion') ?? '')
  if (form.get('client_assertion_type') !== assertionType) {
    throw new OAuthProblem('invalid_client', `The parameter client_assertion_type is not ${assertionType}`, {
      status: 400,
    })
  }
  const { sub } = assertion.claims
  return { method: 'private_key_jwt', client: typeof sub === 'string' ? sub : '', assertion }
}

/** Ids and secrets of ours are of letters that need no escaping, so escaped and plain ones are the same. */
function basicOf(authorization: string | undefined) {
  if (authorization === undefined) return undefined
  const [, encoded] = /^basic +([\w+/=-]+) *$/i.exec(authorization) ?? []
  const text = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString()
  const colon = text.indexOf(':')
  if (colon < 1) {
    throw new OAuthProblem(
      'invalid_client',
      'The header Authorization cannot be read: Basic and base64 of client_id:client_secret is wanted here',
    )
  }
  return { client: text.slice(0, colon), secret: text.slice(colon + 1) }
}

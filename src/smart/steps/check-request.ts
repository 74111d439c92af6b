import { Problem } from '#lib'
import type { Form } from '../oauth/form.ts'
import { OAuthProblem } from '../oauth/oauth-problem.ts'

const mostLetters = 8000

/** What is kept for an app and sent back to it; a state that is longer would not fit into the header that carries it. */
export function refuseLong(form: Form): void {
  const long = ['state', 'nonce'].find((name) => (form.get(name)?.length ?? 0) > mostLetters)
  if (long) throw new Problem('incorrect', `The parameter ${long} has more than ${mostLetters} letters`)
}

/** P21: a request that is given by other means would go unread. https://openid.net/specs/openid-connect-core-1_0.html#JWTRequests */
export function refuseRequestObjects(form: Form): void {
  if (form.has('request')) {
    throw new OAuthProblem(
      'request_not_supported',
      'The parameter request is not read here: send the parameters themselves',
    )
  }
  if (form.has('request_uri')) {
    throw new OAuthProblem(
      'request_uri_not_supported',
      'The parameter request_uri is not read here: send the parameters themselves',
    )
  }
}

/** The code flow alone (A20), whose answer is in the query of the redirect. */
export function checkResponseType(form: Form): void {
  const type = form.get('response_type')
  if (type === undefined)
    throw new OAuthProblem('invalid_request', 'The parameter response_type is missing: code is wanted')
  if (type !== 'code')
    throw new OAuthProblem('unsupported_response_type', 'The response_type is not offered: there is code')
  if ((form.get('response_mode') ?? 'query') !== 'query') {
    throw new OAuthProblem('invalid_request', 'The response_mode is not offered: there is query')
  }
}

import type { Reply } from '#http'
import type { Problem, ProblemKind } from '#lib'
import { OAuthProblem } from './oauth-problem.ts'

/** What each kind of problem is in OAuth, where it does not say so itself. https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
// biome-ignore format: the columns are the point
export const oauthReplies = {
  incorrect:           { status: 400, error: 'invalid_request' },
  invalid:             { status: 400, error: 'invalid_request' },
  unauthenticated:     { status: 401, error: 'invalid_client' },
  forbidden:           { status: 403, error: 'access_denied' },
  'not-found':         { status: 404, error: 'invalid_request' },
  gone:                { status: 404, error: 'invalid_request' },
  conflict:            { status: 409, error: 'invalid_request' },
  stale:               { status: 412, error: 'invalid_request' },
  unsupported:         { status: 501, error: 'invalid_request' },
  'not-allowed':       { status: 405, error: 'invalid_request' },
  'not-acceptable':    { status: 406, error: 'invalid_request' },
  'unsupported-media': { status: 415, error: 'invalid_request' },
  'too-large':         { status: 413, error: 'invalid_request' },
  'too-costly':        { status: 400, error: 'invalid_request' },
  busy:                { status: 429, error: 'slow_down' },
  unavailable:         { status: 503, error: 'temporarily_unavailable' },
  fault:               { status: 500, error: 'server_error' },
} as const satisfies Record<ProblemKind, { readonly status: number; readonly error: string }>

/** Nothing that the authorization server tells an app is kept on the way. https://www.rfc-editor.org/rfc/rfc6749#section-5.1 */
const notStored = { 'cache-control': 'no-store', pragma: 'no-cache' }

export function jsonReply(content: object): Reply {
  return { headers: notStored, type: json, body: JSON.stringify(content) }
}

/** What may be kept for some seconds by anybody, such as a discovery document. */
export function publicReply(content: object, seconds: number): Reply {
  return { headers: { 'cache-control': `public, max-age=${seconds}` }, type: json, body: JSON.stringify(content) }
}

export function oauthReply(
  problem: Problem,
  { requestId, practice }: { readonly requestId: string; readonly practice: { readonly root: string } | undefined },
): Reply {
  const usual = oauthReplies[problem.kind]
  const { status, error, retrySeconds } =
    problem instanceof OAuthProblem
      ? { ...problem, status: problem.status ?? usual.status }
      : { ...usual, retrySeconds: undefined }
  const content = { error, error_description: described(problem.message), request_id: requestId }
  const retry = retrySeconds ?? (status === 429 || status === 503 ? 1 : undefined)
  const headers = {
    ...notStored,
    ...(status === 401 && { 'www-authenticate': challenge(error, practice?.root ?? '') }),
    ...(retry !== undefined && { 'retry-after': String(retry) }),
  }
  return { status, headers, type: json, body: JSON.stringify(content) }
}

const json = 'application/json; charset=utf-8'

/** The way that is told is the one that a browser or a tool could take by itself. https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1 */
function challenge(error: string, realm: string): string {
  return error === 'invalid_token' ? `Bearer realm="${realm}", error="invalid_token"` : `Basic realm="${realm}"`
}

/** The letters that RFC 6749 allows: no quotation mark, no backslash. */
export function described(sentence: string): string {
  return sentence.slice(0, 1000).replace(/[^ !#-[\]-~]/g, "'")
}

import type { Practice, Reply, Report } from '#http'
import type { App } from '#platform'
import { OAuthProblem } from '../oauth/oauth-problem.ts'
import { described } from '../oauth/oauth-replies.ts'
import type { AuthorizationRequest } from './pending.ts'

/** Where the browser goes in the end, proven to be the app's. */
export interface Target extends Pick<AuthorizationRequest, 'redirectUri' | 'state'> {
  readonly practice: Practice
  readonly app: App
}

/** Sends the browser back to the app with a code or an error. https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2 */
export function redirectBack(
  { practice, app, redirectUri, state }: Target,
  answer: Readonly<Record<string, string>>,
): Reply {
  const query = new URLSearchParams({
    ...answer,
    ...(state !== undefined && { state }),
    // P16, RFC 9207; an app whose redirect page is its launch page would take it for a launch
    ...(app.record.issuerInRedirect !== false && { iss: practice.root }),
  })
  const mark = redirectUri.includes('?') ? '&' : '?'
  return { status: 303, headers: { location: `${redirectUri}${mark}${query}`, ...notKept } }
}

interface Told {
  readonly report: Report
  /** Under which the operator finds the refusal in the log. */
  readonly requestId: string
}

/** A refusal that the app is told; anything else is thrown on. */
export function refuseBack(target: Target, problem: unknown, { report, requestId }: Told): Reply {
  if (!(problem instanceof OAuthProblem)) throw problem
  report({
    ...{ event: 'refusal', interaction: 'authorize', request: requestId, practice: target.practice.id },
    ...{ client: target.app.client, user: undefined, kind: problem.kind, issue: problem.error, expression: [] },
  })
  const { error, message } = problem
  return redirectBack(target, { error, error_description: described(message), request_id: requestId })
}

const notKept = { 'cache-control': 'no-store', pragma: 'no-cache', 'referrer-policy': 'no-referrer' }

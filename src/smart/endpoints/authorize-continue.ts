import type { Asked, Reply } from '#http'
import { Problem } from '#lib'
import type { FlowParts } from '../flow-parts.ts'
import { OAuthProblem } from '../oauth/oauth-problem.ts'
import { flowFields } from '../screens/frame.ts'
import { fieldOf, leadTo, pageEndpoints } from '../screens/page-endpoint.ts'
import { practiceFrame } from '../screens/practice-frame.ts'
import { staleFormPage } from '../screens/stale-form.ts'
import { isCsrfToken } from '../sessions/csrf.ts'
import { decisions } from '../steps/authorize-steps.ts'
import type { Decision, KeptVisit } from '../steps/decision.ts'
import { findClient } from '../steps/find-client.ts'
import { browserIdOf, continuePath, continueUrl, show } from '../steps/flow-frame.ts'
import { answeredBefore } from '../steps/give-code.ts'
import { firstOpen, proceed } from '../steps/proceed.ts'
import { refuseBack } from '../steps/redirect-back.ts'
import { signIn } from '../steps/sign-in.ts'
import { endPending, findPending } from '../tokens/tx-store.ts'
import { actorFor } from './authorize.ts'
import type { SmartEndpoint } from './smart-endpoint.ts'

/** The pages of a request that is kept: GET shows what is open, POST takes an answer to it. */
export function continueEndpoints(parts: FlowParts): readonly SmartEndpoint[] {
  return pageEndpoints(parts.settingsOf, {
    ...{ path: continuePath, name: 'authorize-continue', isSpending: true },
    get: (asked) => enter(parts, asked, { given: asked.parameters, go: proceed }),
    post: (asked) => enter(parts, asked, { given: asked.form, go: take }),
  })
}

interface Entering {
  /** Where the id of the request stands. */
  readonly given: Asked['form']
  readonly go: (visit: KeptVisit) => Promise<Reply>
}

async function enter(parts: FlowParts, asked: Asked, { given, go }: Entering): Promise<Reply> {
  const { practice, headers } = asked
  const id = fieldOf(given, flowFields.pending)
  const pending = await findPending(parts.db, practice.number, id)
  if (!pending) throw new Problem('gone', 'This request is over or has expired: go back to the app and start again')
  const { app, given: permitted } = await findClient(parts, practice, pending.client)
  asked.isFrom(app.client, [])
  const { redirectUri, state } = pending
  const target = { practice, app, redirectUri, ...(state !== undefined && { state }) }
  try {
    const browser = parts.sessions.browserOf(practice, headers)
    return await go({
      ...target,
      parts,
      asked,
      given: permitted,
      id,
      pending,
      browser,
      actor: await actorFor(parts, asked, pending),
    })
  } catch (problem) {
    if (!(problem instanceof OAuthProblem)) throw problem
    if (!(await endPending(parts.db, practice.number, id))) throw answeredBefore()
    return refuseBack(target, problem, { report: parts.report, requestId: asked.requestId })
  }
}

/** An answer counts for the page that is open, or for one before it that is shown again; any other shows what is open. */
async function take(visit: KeptVisit): Promise<Reply> {
  const { asked, id } = visit
  if (!isCsrfToken(fieldOf(asked.form, flowFields.csrf), browserIdOf(visit), id)) {
    return staleForm(visit)
  }
  const step = fieldOf(asked.form, flowFields.step)
  if (step === 'cancel') throw new OAuthProblem('access_denied', 'The person did not go on')
  const owner = decisionsOf(visit).find(({ takes }) => Object.hasOwn(takes, step))
  const open = await firstOpen(visit)
  if (!owner || !open || decisions.indexOf(owner) > decisions.indexOf(open)) return leadTo(continueUrl(visit, id))
  return owner.takes[step]?.(visit, asked.form) ?? leadTo(continueUrl(visit, id))
}

/**
 * Somebody has signed in or out in another tab since the form was made, or it is another site's. Nothing is done; the way on
 * leads to the page that is open now, which says who is signed in.
 */
function staleForm(visit: KeptVisit): Reply {
  const { parts, asked, practice, app, actor } = visit
  parts.report({
    ...{ event: 'refusal', interaction: 'authorize-continue', request: asked.requestId, practice: practice.id },
    ...{ client: app.client, user: actor?.fhirUser, kind: 'forbidden', issue: undefined, expression: ['csrf'] },
  })
  const frame = practiceFrame(parts.settingsOf(practice), asked)
  return show(visit, staleFormPage({ ...frame, goOn: continueUrl(visit, visit.id) }))
}

/** Whom an EHR launched it has signed in: without a cookie anybody's page could sign a browser in or out by such an answer. */
function decisionsOf({ pending }: KeptVisit): readonly Decision[] {
  return pending.launch ? decisions.filter((decision) => decision !== signIn) : decisions
}

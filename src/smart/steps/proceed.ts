import type { Reply } from '#http'
import { OAuthProblem } from '../oauth/oauth-problem.ts'
import { leadTo } from '../screens/page-endpoint.ts'
import { addPending } from '../tokens/tx-store.ts'
import { decisions } from './authorize-steps.ts'
import type { Decision, KeptVisit } from './decision.ts'
import { continueUrl } from './flow-frame.ts'
import { allOf, giveCode } from './give-code.ts'
import { offeredIn, type Visit } from './visit.ts'

/** The first decision that is open; those before it are made. */
export async function firstOpen(visit: Visit): Promise<Decision | undefined> {
  for (const decision of decisions) if (await decision.isOpen(visit)) return decision
  return undefined
}

/** As far as it goes without the person: to the page of what is open, or back to the app. */
export async function proceed(visit: Visit): Promise<Reply> {
  const open = await firstOpen(visit)
  if (!open) return giveCode(visit, allOf(offeredIn(visit)))
  if (visit.pending.prompt === 'none')
    throw new OAuthProblem(open.error, 'The person has to be asked, which prompt=none forbids')
  return isKept(visit) ? open.page(visit) : keep(visit)
}

/** Keeps a request and goes on by GET (P7). */
export async function keep(visit: Visit): Promise<Reply> {
  return leadTo(continueUrl(visit, await addPending(visit.parts.db, visit.practice.number, visit.pending)))
}

function isKept(visit: Visit): visit is KeptVisit {
  return visit.id !== undefined
}

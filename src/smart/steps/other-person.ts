import { OAuthProblem } from '../oauth/oauth-problem.ts'
import { closedPage } from '../screens/closed.ts'
import type { Decision } from './decision.ts'
import { flowFrame, show } from './flow-frame.ts'
import { actorIn, permittedIn, type Visit } from './visit.ts'

/** Whoever is signed in here may not use the app, such as staff one that is for patients: another person may. */
export const otherPerson: Decision = {
  error: 'access_denied',
  isOpen: (visit) => closedFor(visit) !== undefined,
  page: async (visit) => show(visit, closedPage({ ...(await flowFrame(visit)), sentence: closedFor(visit) ?? '' })),
  takes: {
    async leave(visit) {
      throw new OAuthProblem('access_denied', closedFor(visit) ?? 'The person did not go on')
    },
  },
}

/** Undefined also where nobody else could sign in: the app is told at the next step then. */
function closedFor(visit: Visit): string | undefined {
  const mayAsk = actorIn(visit).session !== undefined && visit.pending.prompt !== 'none'
  const { permission, closed } = permittedIn(visit)
  return mayAsk && !permission ? closed : undefined
}

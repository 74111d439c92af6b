import type { Form } from '../oauth/form.ts'
import { OAuthProblem } from '../oauth/oauth-problem.ts'
import type { SmartParts } from '../parts.ts'
import { type SpentLaunch, spendLaunch } from '../tokens/launch-store.ts'
import type { Target } from './redirect-back.ts'

/** Spends the launch that an EHR made for this app; one that is another's, used or too old gives nothing (5.3). */
export async function takeLaunch(
  { db }: SmartParts,
  { practice, app }: Target,
  form: Form,
): Promise<SpentLaunch | undefined> {
  const launch = form.get('launch')
  if (launch === undefined) return undefined
  const spent = await spendLaunch(db, { practice: practice.number, client: app.client, launch })
  if (spent) return spent
  throw new OAuthProblem(
    'invalid_request',
    'The launch is not known for this app, was used before or has expired: launch the app again',
  )
}

import type { Asked } from '#http'
import { type App, type AppPermission, closedBecause, permittedTo } from '#platform'
import { OAuthProblem } from '../oauth/oauth-problem.ts'
import type { SmartParts } from '../parts.ts'

type Apps = Pick<SmartParts, 'apps'>
type At = Pick<Asked, 'practice'>

/** Throws where the platform or the practice has switched the app off for everybody. */
export async function checkOpen({ apps }: Apps, { practice }: At, { app }: { readonly app: App }): Promise<void> {
  const closed = closedBecause(app, await apps.permission(practice.number, app.client), practice)
  if (closed !== undefined) throw new OAuthProblem('unauthorized_client', closed)
}

/** What the practice permits the app beside serving patients; throws where either has switched it off. */
export async function permissionOf(
  { apps }: Apps,
  { practice }: At,
  { app }: { readonly app: App },
): Promise<AppPermission> {
  const given = await apps.permission(practice.number, app.client)
  const { permission, closed } = permittedTo('practice', { app, given, practice })
  if (permission) return permission
  throw new OAuthProblem('unauthorized_client', closed)
}

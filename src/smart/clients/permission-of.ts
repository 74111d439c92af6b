import type { Asked } from '#http'
import { type AppPermission, closedBecause } from '#platform'
import { OAuthProblem } from '../oauth/oauth-problem.ts'
import type { SmartParts } from '../parts.ts'
import type { Client } from './authenticate-client.ts'

/** What the practice permits the app; throws where either has switched it off. */
export async function permissionOf({ apps }: SmartParts, { practice }: Asked, { app }: Client): Promise<AppPermission> {
  const permission = await apps.permission(practice.number, app.client)
  const closed = closedBecause(app, permission, practice)
  if (closed === undefined && permission) return permission
  throw new OAuthProblem('unauthorized_client', closed ?? `${practice.name} has not approved this app`)
}

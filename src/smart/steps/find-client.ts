import type { Practice } from '#http'
import { Problem } from '#lib'
import { type App, type AppPermission, closedBecause } from '#platform'
import type { SmartParts } from '../parts.ts'

export interface AppHere {
  readonly app: App
  readonly permission: AppPermission
}

/** The app that asks; throws what its user is shown, as nobody knows yet where an answer could go. */
export async function findClient(
  { apps }: SmartParts,
  practice: Practice,
  client: string | undefined,
): Promise<AppHere> {
  if (client === undefined) throw new Problem('incorrect', 'The app did not say which one it is: client_id is missing')
  const app = await apps.app(client)
  if (!app || app.type === 'backend')
    throw new Problem('incorrect', 'This app is not known here: its client_id is wrong')
  const permission = await apps.permission(practice.number, client)
  const closed = closedBecause(app, permission, practice)
  if (closed === undefined && permission) return { app, permission }
  throw new Problem('forbidden', closed ?? `${practice.name} has not approved this app`)
}

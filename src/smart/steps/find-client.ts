import type { Practice } from '#http'
import { Problem } from '#lib'
import { type App, type AppPermission, closedBecause } from '#platform'
import type { SmartParts } from '../parts.ts'

export interface AppHere {
  readonly app: App
  /** What the practice said of it, if anything. */
  readonly given: AppPermission | undefined
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
  const given = await apps.permission(practice.number, client)
  const closed = closedBecause(app, given, practice)
  if (closed === undefined) return { app, given }
  throw new Problem('forbidden', closed)
}

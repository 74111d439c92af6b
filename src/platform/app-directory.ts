import type { Database } from '#db'
import { kept } from '#lib'
import type { App } from './app.ts'
import { findApp, isClientId } from './app-store.ts'
import type { AppPermission } from './permission.ts'
import { findPermission } from './permission-store.ts'

/** Apps and permissions as requests ask for them: a change is seen everywhere within five seconds. */
export interface AppDirectory {
  app(client: string): App | undefined | Promise<App | undefined>
  permission(practice: number, client: string): AppPermission | undefined | Promise<AppPermission | undefined>
}

const milliseconds = 5000

export function openAppDirectory(db: Database, now: () => number = Date.now): AppDirectory {
  const apps = kept((client) => findApp(db, client), { milliseconds, now })
  const permissions = kept(
    (key) => {
      const [practice = '', client = ''] = key.split('/')
      return findPermission(db, Number(practice), client)
    },
    { milliseconds, now },
  )
  return {
    // what cannot be an id is not remembered: it may be of any length
    app: (client) => (isClientId(client) ? apps(client) : undefined),
    permission: (practice, client) => permissions(`${practice}/${client}`),
  }
}

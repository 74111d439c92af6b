/** Switching a person off signs them out everywhere and ends what they granted: the next call of any app is 401. */
import type { Database } from '#db'
import { Problem } from '#lib'
import { setUserDisabled, type User } from '#platform'
import { removeSessionsOf } from '../sessions/session-store.ts'
import { revokeGrants } from '../tokens/grant-store.ts'

/** How many grants ended. */
export async function switchUser(
  db: Database,
  practice: { readonly number: number; readonly id: string },
  change: Pick<User, 'username' | 'isDisabled'>,
): Promise<number> {
  if (!(await setUserDisabled(db, practice.number, change))) {
    throw new Problem('not-found', `There is no user "${change.username}" at practice ${practice.id}`)
  }
  if (!change.isDisabled) return 0
  await removeSessionsOf(db, practice.number, change.username)
  return revokeGrants(db, practice.number, { username: change.username }, 'user disabled')
}

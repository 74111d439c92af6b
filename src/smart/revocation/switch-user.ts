/** Switching a person off signs them out everywhere and ends what they granted: the next call of any app is 401. */
import { Problem } from '#lib'
import { setUserDisabled, type User } from '#platform'
import { removeSessionsOf } from '../sessions/session-store.ts'
import { revokeGrants } from '../tokens/grant-store.ts'
import type { Acting } from './switch-app.ts'

/** How many grants ended. */
export async function switchUser(
  { db, report, user }: Acting,
  practice: { readonly number: number; readonly id: string },
  change: Pick<User, 'username' | 'isDisabled'>,
): Promise<number> {
  const { username, isDisabled } = change
  if (!(await setUserDisabled(db, practice.number, change))) {
    throw new Problem('not-found', `There is no user "${username}" at practice ${practice.id}`)
  }
  if (isDisabled) await removeSessionsOf(db, practice.number, username)
  const ended = isDisabled ? await revokeGrants(db, practice.number, { username }, 'user disabled') : 0
  const state = isDisabled ? 'disabled' : 'enabled'
  report({ event: 'user-switch', practice: practice.id, user, of: username, state, ended })
  return ended
}

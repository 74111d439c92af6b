/** Another password ends the sign-ins with the one before, and what apps were granted for their time. */
import { operator } from '#access'
import type { Database } from '#db'
import type { Report } from '#http'
import { Problem } from '#lib'
import { checkNewPassword, hashPassword, setPassword } from '#platform'
import { removeSessionsOf } from '../sessions/session-store.ts'
import { revokeGrants } from '../tokens/grant-store.ts'

/** By the operator, on the command line. How many sign-ins ended. */
export async function changePassword(
  { db, report }: { readonly db: Database; readonly report: Report },
  practice: { readonly number: number; readonly id: string },
  { username, password }: { readonly username: string; readonly password: string },
): Promise<number> {
  checkNewPassword(password, username)
  const hash = await hashPassword(password)
  const sessions = await db.transaction(async (transaction) => {
    if (await setPassword(transaction, practice.number, { username, hash }))
      return removeSessionsOf(transaction, practice.number, username)
    throw new Problem('not-found', `There is no user "${username}" at practice ${practice.id}`)
  })
  for (const session of sessions) await revokeGrants(db, practice.number, { session }, 'password changed')
  report({ event: 'password', practice: practice.id, user: operator, of: username, ended: sessions.length })
  return sessions.length
}

import type { Practice } from '#http'
import type { OwnPagesParts } from '../endpoints/own-pages.ts'
import type { SmartParts } from '../parts.ts'
import type { Sessions } from '../sessions/session.ts'
import { grantsOf, revokeGrants } from '../tokens/grant-store.ts'

/** What a person's own pages do with grants. */
export function personsGrants(parts: SmartParts, sessions: Sessions): OwnPagesParts {
  const { db, apps, settingsOf, now } = parts
  return {
    ...{ db, sessions, settingsOf, now, appOf: apps.app },
    grantsOf: ({ number }, username) => grantsOf(db, number, username),
    async revokeGrant({ number }, grant) {
      await revokeGrants(db, number, grant, 'stopped by its person')
    },
  }
}

/** With a sign-in ends what apps were granted for its time. */
export async function endOnlineAccess({ db }: SmartParts, { number }: Practice, session: string): Promise<void> {
  await revokeGrants(db, number, { session }, 'signed out')
}

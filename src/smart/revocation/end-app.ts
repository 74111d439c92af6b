import type { Database } from '#db'
import { revokeGrants } from '../tokens/grant-store.ts'
import { endLaunchesOf } from '../tokens/launch-store.ts'
import { removeTokensOf } from '../tokens/remove-tokens.ts'
import { endPendingOf } from '../tokens/tx-store.ts'

interface Ended {
  readonly client: string
  /** `practice`: what patients and guardians gave the app stays. */
  readonly of?: 'practice' | undefined
  readonly because: string
}

/**
 * Ends what an app holds at a practice, and what is on its way to it: its next call at any process is 401. How many
 * grants, and tokens that no person granted.
 */
export async function endApp(db: Database, practice: number, { client, of, because }: Ended): Promise<number> {
  await endLaunchesOf(db, practice, client)
  await endPendingOf(db, practice, client)
  const grants = await revokeGrants(db, practice, { client, ...(of && { of }) }, because)
  return grants + (await removeTokensOf(db, practice, client))
}

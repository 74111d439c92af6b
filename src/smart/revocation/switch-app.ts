/** Switching an app off ends what it holds: its next call at any process is 401. */
import type { Database } from '#db'
import { Problem } from '#lib'
import { type AppState, listPractices, type PermissionState, setAppState, setPermissionState } from '#platform'
import { removeTokensOf } from '../tokens/remove-tokens.ts'

interface Switch<State> {
  readonly client: string
  readonly state: State
  readonly reason?: string | undefined
}

/** At the whole platform; how many tokens it lost. */
export async function switchApp(db: Database, { client, ...change }: Switch<AppState>): Promise<number> {
  await setAppState(db, client, change)
  if (change.state === 'approved') return 0
  let removed = 0
  for (const { number } of await listPractices(db)) removed += await removeTokensOf(db, number, client)
  return removed
}

/** At one practice, which keeps what it permitted; how many tokens it lost. */
export async function switchAppAt(
  db: Database,
  practice: { readonly number: number; readonly id: string },
  { client, ...change }: Switch<PermissionState>,
): Promise<number> {
  if (!(await setPermissionState(db, practice.number, client, change))) {
    throw new Problem(
      'not-found',
      `Practice ${practice.id} has never permitted the app ${client}: charthouse app permit does`,
    )
  }
  return change.state === 'enabled' ? 0 : removeTokensOf(db, practice.number, client)
}

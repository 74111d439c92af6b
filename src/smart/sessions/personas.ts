import type { Database } from '#db'
import type { Practice } from '#http'
import { personasAt } from '#platform'
import type { Persona } from '../screens/sign-in.ts'
import { textsIn } from '../screens/texts.ts'

/** The made-up people that a sandbox's sign-in page lists; of another practice none. */
export async function personasOf(
  db: Database,
  practice: Practice,
  language: string | undefined,
): Promise<readonly Persona[]> {
  const { roles } = textsIn(language)
  const rows = await personasAt(db, practice.number)
  return rows.map(({ username, password, name, role }) => ({ username, password, about: `${name}, ${roles[role]}` }))
}

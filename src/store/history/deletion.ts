import { type Database, sql } from '#db'
import { typeCode } from '#fhir'
import { keyText } from '../hash.ts'
import { wherePredicate } from '../search/visible.ts'
import type { See } from '../see.ts'
import type { Found } from '../store.ts'
import { versionScopes } from './version-scope.ts'

/** The deletion that stands, for those who could have read the last version: it has that version's owner and tokens. */
export async function deletion(db: Database, practice: number, see: See, type: string, id: string): Promise<Found> {
  const predicate = see(type)
  if (!predicate) return { state: 'none' }
  const { past } = versionScopes(practice, see, type)
  const { row } = past
  const found = await db.maybeOne<{ ver: number; upd: string }>(sql`
    select ${row}.ver, ${row}.upd from resource_history ${row}
    where ${row}.practice = ${practice} and ${row}.key = ${keyText(practice, type, id)}::int8 and ${row}.rtype = ${typeCode(type)}
      and ${row}.id = ${id} and ${row}.deleted and ${row}.replaced = ${'9223372036854775807'}::int8
      and ${wherePredicate(past, predicate)}
  `)
  return found ? { state: 'deleted', updated: Number(found.upd), version: found.ver } : { state: 'none' }
}

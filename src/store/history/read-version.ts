import { type Database, type Sql, sql } from '#db'
import { typeCode } from '#fhir'
import { keyText } from '../hash.ts'
import { wherePredicate } from '../search/visible.ts'
import type { See } from '../see.ts'
import type { Found } from '../store.ts'
import { currentColumns, pastColumns, toVersion, type VersionRow } from './version-row.ts'
import { versionScopes } from './version-scope.ts'

/** The newest number that a version can have. */
const mostVersions = 2_147_483_647

/** https://hl7.org/fhir/R4/http.html#vread */
export async function readVersion(
  db: Database,
  practice: number,
  see: See,
  { type, id, version }: { readonly type: string; readonly id: string; readonly version: number },
): Promise<Found> {
  const predicate = see(type)
  if (!predicate || version > mostVersions) return { state: 'none' }
  const { current, past } = versionScopes(practice, see, type)
  const isAsked = (row: Sql) => sql`${row}.key = ${keyText(practice, type, id)}::int8 and ${row}.ver = ${version}
    and ${row}.rtype = ${typeCode(type)} and ${row}.id = ${id}`
  const row = await db.maybeOne<VersionRow>(sql`
    select ${currentColumns(current.row)} from resource ${current.row}
    where ${current.row}.practice = ${practice} and ${isAsked(current.row)} and ${wherePredicate(current, predicate)}
    union all
    select ${pastColumns(past.row)} from resource_history ${past.row}
    where ${past.row}.practice = ${practice} and ${isAsked(past.row)} and ${wherePredicate(past, predicate)}
  `)
  const found = row && toVersion(row)
  if (!found) return { state: 'none' }
  if (found.state === 'deleted') return { state: 'deleted', updated: found.updated, version }
  return { state: 'current', row: found.row }
}

import { and, type Runner, type Sql, sql, type Transaction } from '#db'
import { ownershipOf, typeCode, typeOf } from '#fhir'
import { versionScopes } from '../history/version-scope.ts'
import { wherePredicate } from '../search/visible.ts'
import type { See } from '../see.ts'
import type { Cohort } from './note-rows.ts'
import type { ExportPlace } from './selection.ts'

export interface DeletionsAsked extends ExportPlace {
  readonly since: number
  readonly type: string
  readonly cohort: Cohort
  readonly see: See
  /** rid of the last one that was told. */
  readonly after: string
  readonly limit: number
}

/**
 * Resources that were deleted since and are not back at T, in the order of rid; those that might have been read, by the
 * owner and the tokens that a deletion has of the last version.
 */
export async function deletionsOf(runner: Runner, asked: DeletionsAsked): Promise<{ rid: string; id: string }[]> {
  const { practice, t, since, until, type, after, limit, see } = asked
  const predicate = see(type)
  if (!predicate) return []
  const { past } = versionScopes(practice, see, type)
  const { row } = past
  const limits = [
    sql`${row}.practice = ${practice} and ${row}.rtype = ${typeCode(type)} and ${row}.deleted and ${row}.rid > ${after}::int8`,
    sql`${row}.upd > ${since}::int8 and ${row}.upd <= ${t}::int8 and ${row}.replaced > ${t}::int8`,
    ...(until === undefined ? [] : [sql`${row}.upd < ${until}::int8`]),
    ...ofCohort(asked, row),
    wherePredicate(past, predicate),
  ]
  return runner.many<{ rid: string; id: string }>(sql`
    select ${row}.rid, ${row}.id from resource_history ${row} where ${and(limits)} order by ${row}.rid limit ${limit}
  `)
}

/** Of these types those of which anything was deleted since: most exports ask for a hundred and find some. */
export async function typesDeleted(
  transaction: Transaction,
  {
    practice,
    t,
    since,
    types,
  }: Pick<DeletionsAsked, 'practice' | 't' | 'since'> & { readonly types: readonly string[] },
): Promise<string[]> {
  await transaction.run(sql`set local statement_timeout = 0`)
  const found = await transaction.many<{ rtype: number }>(sql`
    select asked.rtype from unnest(${types.map(typeCode)}::int2[]) asked (rtype)
    where exists (
      select 1 from resource_history h
      where h.practice = ${practice} and h.rtype = asked.rtype and h.upd > ${since}::int8 and h.upd <= ${t}::int8 and h.deleted)
  `)
  const deleted = new Set(found.map(({ rtype }) => typeOf(rtype)))
  return types.filter((type) => deleted.has(type))
}

function ofCohort({ cohort, practice, id, t, type }: DeletionsAsked, row: Sql): Sql[] {
  if (cohort === 'everybody') return []
  if (cohort === 'all patients') return isSomebodys(type) ? [sql`${row}.patient is not null`] : []
  return [
    sql`${row}.patient in (
      select m.key from export_member m where m.practice = ${practice} and m.export = ${id} and m.t = ${t}::int8
      union all
      select g.key from export_row n
      join resource_history g on g.practice = ${practice} and g.rtype = n.rtype and g.rid = n.rid
      where n.practice = ${practice} and n.export = ${id} and n.t = ${t}::int8 and n.rtype = ${typeCode('Patient')}
        and g.deleted and g.replaced > ${t}::int8)`,
  ]
}

function isSomebodys(type: string): boolean {
  const kind = ownershipOf(type)?.class
  return kind === 'owned' || kind === 'patient'
}

import { and, type Runner, sql } from '#db'
import { typeCode } from '#fhir'
import { groupKey } from './members.ts'
import type { ExportPlace } from './selection.ts'

export interface GoneAsked extends Pick<ExportPlace, 'practice' | 'id' | 't'> {
  readonly since: number
  /** Id of the group that names them, itself or through a group in it. */
  readonly group?: string | undefined
  /** Keys of patients; undefined: whom the group names. */
  readonly keys?: readonly string[] | undefined
}

/** Notes the patients of a cohort who were deleted since: what was theirs is told among the deletions. */
export async function noteGone(runner: Runner, { practice, id, t, since, group, keys }: GoneAsked): Promise<void> {
  const limits = [
    sql`h.practice = ${practice} and h.rtype = ${typeCode('Patient')} and h.deleted`,
    sql`h.upd > ${since}::int8 and h.upd <= ${t}::int8 and h.replaced > ${t}::int8`,
    ...(keys ? [sql`h.key = any(${keys}::int8[])`] : []),
    ...(group === undefined ? [] : [sql`h.key in (select key from named)`]),
  ]
  await runner.run(sql`
    with recursive named (key) as (
      select ${group === undefined ? null : groupKey(practice, group)}::int8
      union
      select m.key from named
      join resource g on g.practice = ${practice} and g.key = named.key and g.rtype = ${typeCode('Group')}
      join group_member m on m.practice = ${practice} and m.group_rid = g.rid
    )
    insert into export_row (practice, export, t, rtype, rid)
    select ${practice}::int4, ${id}::text, ${t}::int8, h.rtype, h.rid from resource_history h where ${and(limits)}
    on conflict do nothing
  `)
}

import { type Runner, type Sql, sql } from '#db'
import { typeCode } from '#fhir'
import type { Cohort } from './note-rows.ts'
import type { ExportPlace } from './selection.ts'

export interface DeletionsAsked extends ExportPlace {
  readonly type: string
  readonly cohort: Cohort
  /** rid of the last one that was told. */
  readonly after: string
  readonly limit: number
}

/** Resources that were deleted since and are not back at T, in the order of rid. */
export function deletionsOf(runner: Runner, asked: DeletionsAsked): Promise<{ rid: string; id: string }[]> {
  const { practice, t, since = 0, type, after, limit } = asked
  return runner.many<{ rid: string; id: string }>(sql`
    select h.rid, h.id from resource_history h
    where h.practice = ${practice} and h.rtype = ${typeCode(type)} and h.deleted and h.rid > ${after}::int8
      and h.upd > ${since}::int8 and h.upd <= ${t}::int8 and h.replaced > ${t}::int8 ${ofCohort(asked)}
    order by h.rid limit ${limit}
  `)
}

function ofCohort({ cohort, practice, id, t }: DeletionsAsked): Sql {
  if (cohort === 'everybody') return sql``
  if (cohort === 'all patients') return sql`and h.patient is not null`
  return sql`and exists (
    select 1 from export_member m where m.practice = ${practice} and m.export = ${id} and m.t = ${t}::int8 and m.key = h.patient
  )`
}

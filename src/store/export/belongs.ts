/** Whether a row belongs to what goes out, in statements on `resource` and on `resource_history`. */
import { type Sql, sql } from '#db'
import type { Choice, ExportPlace } from './selection.ts'

/**
 * Whether a version that was replaced since belongs to the selection. No join: the planner, which knows nothing yet of what
 * was noted a moment ago, would look through all that was replaced for each row that was noted.
 */
export function isChosen({ practice, id, t, since }: ExportPlace, of: Choice, past: Sql): Sql[] {
  if (of === 'members') {
    return [
      sql`(select ${isNewer(past, 'members', since)} from export_member m
        where m.practice = ${practice} and m.export = ${id} and m.t = ${t}::int8 and m.key = ${past}.patient)`,
    ]
  }
  return of === 'rows' ? [isNoted({ practice, id, t }, past)] : []
}

/** The same of a version that may have been noted, of any type. */
export function isNoted({ practice, id, t }: Pick<ExportPlace, 'practice' | 'id' | 't'>, past: Sql): Sql {
  return sql`(select true from export_row n
    where n.practice = ${practice} and n.export = ${id} and n.t = ${t}::int8 and n.rtype = ${past}.rtype and n.rid = ${past}.rid)`
}

/** Of a member (`m`) who came later all of the record is. */
export function isNewer(row: Sql, of: Choice, since: number | undefined): Sql {
  if (since === undefined) return sql`true`
  const isChangedSince = sql`${row}.upd > ${since}::int8`
  return of === 'members' ? sql`(m.whole or ${isChangedSince})` : isChangedSince
}

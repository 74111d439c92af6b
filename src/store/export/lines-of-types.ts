/**
 * The same as `lines.ts` for many types of which few rows go out: one statement, in the order of type and rid. Which rows
 * these are is read, and sorted, without their texts; each text is then looked up: by where the row lies, which nothing
 * changes within a statement, or by its key.
 */
import { and, type Database, type Sql, sql } from '#db'
import { typeCode, typeOf } from '#fhir'
import { where } from '../search/condition.ts'
import { Aliases } from '../search/scope.ts'
import { notHidden } from '../search/visible.ts'
import { isChosen, isNewer } from './belongs.ts'
import { copyLines, type Line, type LinePlace, type LinesRead, type OnLine } from './copied-line.ts'
import type { ExportPlace } from './selection.ts'

export interface TypesAsked extends ExportPlace {
  readonly types: readonly string[]
  readonly of: 'members' | 'rows'
  /** By type the labels that hide rows, as access says. */
  readonly hidden: ReadonlyMap<string, readonly string[]>
  readonly after?: LinePlace | undefined
  readonly limit: number
}

export function linesOfTypes(
  db: Database,
  asked: TypesAsked,
  onLine: OnLine,
  signal?: AbortSignal,
): Promise<LinesRead> {
  return copyLines(db, statement(asked), onLine, signal)
}

/** Of a line that `linesOfTypes` tells: what it is ordered by first. */
export function typeOfLine({ place }: Pick<Line, 'place'>): string {
  return typeOf(place.readInt16BE(6))
}

function statement(asked: TypesAsked): Sql {
  const { practice, t, limit, of, hidden } = asked
  const scope = { practice, type: '', row: sql`r`, isNarrow: true, see: () => undefined, where, aliases: new Aliases() }
  const limits = [sql`r.upd <= ${t}::int8`, ...before(asked), notHidden(scope, hidden)]
  const past = [
    sql`r.practice = ${practice} and r.rtype = any(${codes(asked)}::int2[])`,
    sql`r.replaced > ${t}::int8 and not r.deleted`,
    ...behind(asked, sql`r`),
    ...isChosen(asked, of, sql`r`),
  ]
  const place = of === 'members' ? sql`r.ctid = chosen.place` : sql`r.rtype = chosen.first::int2 and r.rid = chosen.rid`
  return sql`
    (
      select chosen.first, chosen.rid, texts.marked, texts.body, null::bytea as old
      from (${of === 'members' ? ofMembers(asked) : noted(asked)} order by 1, 2) chosen
      cross join lateral (
        select r.mark is not null as marked, r.body from resource r
        where r.practice = ${practice} and ${place} and ${and(limits)} offset 0
      ) texts
      order by chosen.first, chosen.rid limit ${limit}
    ) union all (
      select r.rtype::int8, r.rid, false, null, r.body from resource_history r
      where ${and([...limits.slice(0, -1), ...past, notHidden({ ...scope, isPast: true }, hidden)])}
      order by 1, 2 limit ${limit}
    )
    order by first, rid limit ${limit}`
}

function ofMembers(asked: TypesAsked): Sql {
  const { practice, id, t, since } = asked
  return sql`
    select o.rtype::int8 as first, o.rid, o.ctid as place from export_member m
    join resource o on o.practice = ${practice} and o.patient = m.key and o.rtype = any(${codes(asked)}::int2[])
    where ${and([sql`m.practice = ${practice} and m.export = ${id} and m.t = ${t}::int8`, isNewer(sql`o`, 'members', since), ...behind(asked, sql`o`)])}`
}

function noted(asked: TypesAsked): Sql {
  const { practice, id, t } = asked
  return sql`
    select n.rtype::int8 as first, n.rid from export_row n
    where ${and([sql`n.practice = ${practice} and n.export = ${id} and n.t = ${t}::int8 and n.rtype = any(${codes(asked)}::int2[])`, ...behind(asked, sql`n`)])}`
}

function codes({ types }: TypesAsked): number[] {
  return types.map(typeCode)
}

/** What was noted was changed before. */
function before({ of, until }: TypesAsked): Sql[] {
  return until === undefined || of === 'rows' ? [] : [sql`r.upd < ${until}::int8`]
}

function behind({ after }: TypesAsked, row: Sql): Sql[] {
  return after ? [sql`(${row}.rtype, ${row}.rid) > (${after[0]}::int2, ${after[1]}::int8)`] : []
}

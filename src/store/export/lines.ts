/**
 * The texts of a chunk of rows as they were at T: current rows with a stamp up to T, and versions with a stamp up to T that
 * were replaced since, in one statement, so that each row is met in exactly one of the two. The order is total and does not
 * depend on what happens meanwhile: a reader goes on behind any line, in any process.
 */
import { and, type Database, type Sql, sql } from '#db'
import { typeCode } from '#fhir'
import { where } from '../search/condition.ts'
import { Aliases, type Scope } from '../search/scope.ts'
import { wherePredicate } from '../search/visible.ts'
import type { Predicate } from '../see.ts'
import { isChosen, isNewer } from './belongs.ts'
import { copyLines, type LinePlace, type LinesRead, type OnLine } from './copied-line.ts'
import type { ExportPlace, Selection } from './selection.ts'

export interface LinesAsked extends ExportPlace {
  readonly selection: Selection
  /** Labels that hide rows, as access says; other conditions are met by the rows that were noted. */
  readonly hidden: readonly string[]
  /** Behind this line. */
  readonly after?: LinePlace | undefined
  readonly limit: number
}

/** Tells each line, in their order; fewer than `limit`: it was the last chunk. */
export function linesOf(db: Database, asked: LinesAsked, onLine: OnLine, signal?: AbortSignal): Promise<LinesRead> {
  return copyLines(db, statement(asked), onLine, signal)
}

function statement(asked: LinesAsked): Sql {
  const aliases = new Aliases()
  const [row, past] = [aliases.next(), aliases.next()]
  const { selection, practice, limit } = asked
  const scope = { practice, type: selection.type, isNarrow: true, see: () => undefined, where, aliases }
  const order = firstOf(asked, { row })
  const orderPast = firstOf(asked, { row: past, isPast: true })
  return sql`
    (
      select ${order} as first, ${row}.rid, ${row}.mark is not null as marked, ${row}.body, null::bytea as old
      from ${from(asked, row)}
      where ${and(conditions(asked, { ...scope, row }, order))}
      order by ${order}, ${row}.rid limit ${limit}
    ) union all (
      select ${orderPast}, ${past}.rid, false, null, ${past}.body
      from resource_history ${past}
      where ${and([...conditions(asked, { ...scope, row: past, isPast: true }, orderPast), sql`${past}.replaced > ${asked.t}::int8 and not ${past}.deleted`, ...isChosen(asked, selection.of, past)])}
      order by ${orderPast}, ${past}.rid limit ${limit}
    )
    order by first, rid limit ${limit}`
}

/** What the rows are ordered by before rid. */
function firstOf({ selection, since }: LinesAsked, { row, isPast }: Pick<Scope, 'row' | 'isPast'>): Sql {
  if (selection.of === 'members') return isPast ? sql`${row}.patient` : sql`m.key`
  // the order of the index by which the changes of late are found
  return since === undefined || selection.of === 'rows' ? sql`${row}.rid` : sql`${row}.upd`
}

function from({ selection, practice, id, t }: LinesAsked, row: Sql): Sql {
  if (selection.of === 'members') {
    return sql`export_member m join resource ${row} on m.practice = ${practice} and m.export = ${id} and m.t = ${t}::int8 and ${row}.patient = m.key`
  }
  if (selection.of === 'rows') {
    return sql`export_row n join resource ${row} on n.practice = ${practice} and n.export = ${id} and n.t = ${t}::int8 and n.rtype = ${typeCode(selection.type)} and ${row}.rid = n.rid`
  }
  return sql`resource ${row}`
}

function conditions(asked: LinesAsked, scope: Scope, order: Sql): Sql[] {
  const { selection, practice, t, since, until, hidden, after } = asked
  const { row, isPast } = scope
  const { of, lo, hi } = selection
  const limits = [
    sql`${row}.practice = ${practice} and ${row}.rtype = ${typeCode(selection.type)} and ${row}.upd <= ${t}::int8`,
  ]
  if (of === 'owned') limits.push(sql`${row}.patient is not null`)
  const bound = of === 'members' ? order : sql`${row}.rid`
  limits.push(sql`${bound} > ${lo}::int8 and ${bound} <= ${hi}::int8`)
  if (after) limits.push(sql`(${order}, ${row}.rid) > (${after[0]}::int8, ${after[1]}::int8)`)
  if (of !== 'rows' && !(of === 'members' && isPast)) limits.push(isNewer(row, of, since))
  if (until !== undefined && of !== 'rows') limits.push(sql`${row}.upd < ${until}::int8`)
  if (hidden.length > 0) limits.push(wherePredicate(scope, hiding(hidden)))
  return limits
}

function hiding(hidden: readonly string[]): Predicate {
  return { any: [{ where: [], hidden }] }
}

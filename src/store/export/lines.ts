/**
 * The texts of a chunk of rows as they were at T: current rows with a stamp up to T, and versions with a stamp up to T that
 * were replaced since, in one statement, so that each row is met in exactly one of the two. The order is total and does not
 * depend on what happens meanwhile: a reader goes on behind any line, in any process.
 */
import { and, type Database, type OnCopied, type Sql, sql } from '#db'
import { typeCode } from '#fhir'
import { where } from '../search/condition.ts'
import { Aliases, type Scope } from '../search/scope.ts'
import { wherePredicate } from '../search/visible.ts'
import type { Predicate } from '../see.ts'
import { CopiedLine, type Line, type LinePlace, placeIn } from './copied-line.ts'
import type { ExportPlace, Selection } from './selection.ts'

export interface LinesAsked extends ExportPlace {
  readonly selection: Selection
  /** Labels that hide rows, as access says; other conditions are met by the rows that were noted. */
  readonly hidden: readonly string[]
  /** Behind this line. */
  readonly after?: LinePlace | undefined
  readonly limit: number
}

export interface LinesRead {
  /** Fewer than `limit`: it was the last chunk. */
  readonly lines: number
  readonly last: LinePlace | undefined
}

/** Tells each line, in their order. */
export async function linesOf(
  db: Database,
  asked: LinesAsked,
  onLine: (line: Line) => void | Promise<void>,
  signal?: AbortSignal,
): Promise<LinesRead> {
  const line = new CopiedLine()
  let lines = 0
  const onRow: OnCopied = (bytes, fields) => {
    lines++
    line.read(bytes, fields)
    return onLine(line)
  }
  await db.copyOut(statement(asked), onRow, signal)
  return { lines, last: lines === 0 ? undefined : placeIn(line.place) }
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
      where ${and([...conditions(asked, { ...scope, row: past, isPast: true }, orderPast), sql`${past}.replaced > ${asked.t}::int8 and not ${past}.deleted`, ...isChosen(asked, past)])}
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

/**
 * Whether a version that was replaced since belongs to the selection. No join: the planner, which knows nothing yet of what
 * was noted a moment ago, would look through all that was replaced for each row that was noted.
 */
function isChosen({ selection, practice, id, t, since }: LinesAsked, past: Sql): Sql[] {
  if (selection.of === 'members') {
    return [
      sql`(select ${isChanged(past, 'members', since)} from export_member m
        where m.practice = ${practice} and m.export = ${id} and m.t = ${t}::int8 and m.key = ${past}.patient)`,
    ]
  }
  return selection.of === 'rows' ? [isNoted({ practice, id, t }, past)] : []
}

/** The same of a version that may have been noted, of any type. */
export function isNoted({ practice, id, t }: Pick<ExportPlace, 'practice' | 'id' | 't'>, past: Sql): Sql {
  return sql`(select true from export_row n
    where n.practice = ${practice} and n.export = ${id} and n.t = ${t}::int8 and n.rtype = ${past}.rtype and n.rid = ${past}.rid)`
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
  if (of !== 'rows' && !(of === 'members' && isPast)) limits.push(isChanged(row, of, since))
  if (until !== undefined && of !== 'rows') limits.push(sql`${row}.upd < ${until}::int8`)
  if (hidden.length > 0) limits.push(wherePredicate(scope, hiding(hidden)))
  return limits
}

/** All of the record of a member who came later. */
function isChanged(row: Sql, of: Selection['of'], since: number | undefined): Sql {
  if (since === undefined) return sql`true`
  const isNewer = sql`${row}.upd > ${since}::int8`
  return of === 'members' ? sql`(m.whole or ${isNewer})` : isNewer
}

function hiding(hidden: readonly string[]): Predicate {
  return { any: [{ where: [], hidden }] }
}

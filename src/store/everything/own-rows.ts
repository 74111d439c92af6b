/** What a patient owns, a page of it put together as text by the database: a thousand bodies come as one value. */
import { and, type Database, type Sql, sql } from '#db'
import { resourceTypes, typeCode } from '#fhir'
import { keyText } from '../hash.ts'
import { none } from '../search/date.ts'
import { visibleAmong } from '../search/includes.ts'
import type { Scope } from '../search/scope.ts'
import type { EverythingAsked } from '../store.ts'

/** Where a page ended. */
export type Place = readonly [order: number, rid: string]

export interface TextPage {
  /** Entries of a Bundle, each with a comma behind it. */
  readonly text: string
  readonly count: number
  /** Where the next page starts; undefined: all is there. */
  readonly next: Place | undefined
}

/** Rows of the patient that may be seen and lie in the time asked for; undefined: none may be seen. */
export function ownRows(scope: Scope, row: Sql, types: readonly string[], asked: EverythingAsked): Sql | undefined {
  const seen = visibleAmong(scope, row, types, new Set())
  if (!seen) return undefined
  const key = keyText(scope.practice, 'Patient', asked.patient)
  return and([
    sql`${row}.practice = ${scope.practice}`,
    sql`${row}.patient = ${key}::int8`,
    seen,
    ...inTime(row, asked),
  ])
}

/** By main date; what has none is of any time. */
function inTime(row: Sql, { low, high }: EverythingAsked): Sql[] {
  const isDated = (condition: Sql) => sql`${row}.dt = ${none}::int8 or ${condition}`
  return [
    ...(low === undefined ? [] : [isDated(sql`coalesce(${row}.dt_end, ${row}.dt + 1000) > ${low}::int8`)]),
    ...(high === undefined ? [] : [isDated(sql`${row}.dt < ${high}::int8`)]),
  ]
}

export interface PageOf {
  /** Which rows, over `row`. */
  readonly rows: Sql
  readonly row: Sql
  readonly limit: number
  readonly from: Place | undefined
  readonly mode: 'match' | 'include'
  /** Relations of a `with` that `rows` uses. */
  readonly relations?: Sql
}

/** A page ends after so many bytes at the latest, so that attachments do not fill memory. */
const mostBytes = 16 * 1024 * 1024

/** Patient first, then type by type, each in the order in which it came: no change of a row moves it. */
export async function textPage(
  db: Database,
  { practice }: Scope,
  asked: EverythingAsked,
  page: PageOf,
): Promise<TextPage> {
  const { rows, row, limit, from, mode, relations } = page
  const { entry } = asked
  const order = sql`case when ${row}.rtype = ${typeCode('Patient')} then 0 else ${row}.rtype end`
  const after = from ? sql`and (${order}, ${row}.rid) > (${from[0]}::int4, ${from[1]}::int8)` : sql``
  const [found] = await db.many<{ text: string | null; count: number; more: boolean; place: number; rid: string }>(sql`
    with ${relations ?? sql``} picked as materialized (
      select ${row}.rtype, ${row}.rid, ${order} as place, octet_length(${row}.body) as bytes
      from resource ${row} where ${rows} ${after}
      order by place, ${row}.rid limit ${limit + 1}
    ), numbered as (
      select *, row_number() over w as n, sum(bytes) over w - bytes as before
      from picked window w as (order by place, rid)
    ), page as (
      select * from numbered where n <= ${limit} and before < ${mostBytes}
    )
    select
      string_agg(${entry.beforeName} || (${typeNames}::text[])[page.rtype] || '/' || r.id || ${entry.afterName} || r.body
        || ${entry.after[mode]}, '' order by page.n) as text,
      count(*)::int4 as count,
      count(*) < (select count(*) from picked) as more,
      (array_agg(page.place order by page.n desc))[1] as place,
      (array_agg(page.rid order by page.n desc))[1]::text as rid
    from page join resource r on r.rtype = page.rtype and r.rid = page.rid
    where r.practice = ${practice}`)
  if (!found?.text) return { text: '', count: 0, next: found?.more ? (from ?? start) : undefined }
  return { text: found.text, count: found.count, next: found.more ? [found.place, found.rid] : undefined }
}

/** Before all: where a page without room for any starts again. */
const start: Place = [-1, '0']

const typeNames = resourceTypes

/** What a patient owns, and a page of rows in the order of the record. */
import { and, type Runner, type Sql, sql } from '#db'
import { typeCode, typeOf } from '#fhir'
import { keyText } from '../hash.ts'
import { none } from '../search/date.ts'
import { visibleAmong } from '../search/includes.ts'
import type { Scope } from '../search/scope.ts'
import type { EverythingAsked, Row } from '../store.ts'

/** Where a page ended. */
export type Place = readonly [order: number, rid: string]

export interface RowPage {
  readonly rows: readonly Row[]
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
}

/** A page ends after so many bytes at the latest, so that attachments do not fill memory. */
const mostBytes = 16 * 1024 * 1024

interface PageRow {
  rtype: number
  rid: string
  place: number
  id: string
  ver: number
  upd: string
  body: string
  rest: number
}

/** Patient first, then type by type, each in the order in which it came: no change of a row moves it. */
export async function rowPage(db: Runner, { rows, row, limit, from }: PageOf): Promise<RowPage> {
  const place = sql`case when ${row}.rtype = ${typeCode('Patient')} then 0 else ${row}.rtype end`
  const after = from ? sql`and (${place}, ${row}.rid) > (${from[0]}::int4, ${from[1]}::int8)` : sql``
  const found = await db.many<PageRow>(sql`
    select rtype, rid, place, id, ver, upd, body, rest
    from (
      select ${row}.rtype, ${row}.rid, ${place} as place, ${row}.id, ${row}.ver, ${row}.upd, ${row}.body,
        row_number() over w as n, sum(octet_length(${row}.body)) over w as bytes, count(*) over ()::int4 as rest
      from resource ${row} where ${rows} ${after}
      window w as (order by ${place}, ${row}.rid)
    ) record
    where n <= ${limit} and (n = 1 or bytes <= ${mostBytes})
    order by n`)
  const last = found.at(-1)
  const next: Place | undefined = last && found.length < last.rest ? [last.place, last.rid] : undefined
  return { rows: found.map(toRow), next }
}

function toRow({ rtype, id, ver, upd, body }: PageRow): Row {
  return { type: typeOf(rtype), id, version: ver, updated: Number(upd), body }
}

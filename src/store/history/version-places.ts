/** Which versions a history holds: of each table and type the newest first, as the indexes have them. */
import { and, join, type Sql, sql } from '#db'
import { typeCode } from '#fhir'
import { Problem } from '#lib'
import { keyText } from '../hash.ts'
import { Aliases, type Scope } from '../search/scope.ts'
import { alikeTypes, wherePredicate } from '../search/visible.ts'
import type { See } from '../see.ts'
import type { Cursor, HistoryPlace } from '../store.ts'
import { versionScopes } from './version-scope.ts'

interface Bounds {
  readonly from?: Cursor | undefined
  /** The newest stamp. */
  readonly upTo?: number | undefined
  /** As many of each table and type are enough; undefined: all. */
  readonly limit?: number
}

/** Rows of type, rid, version and stamp, in no order; refuses when nothing of the types may be seen. */
export function placesOf(practice: number, see: See, place: HistoryPlace): (bounds: Bounds) => Sql {
  const aliases = new Aliases()
  const parts = alikeTypes(see, place.types).flatMap(({ predicate, types }) => {
    const { current, past } = versionScopes(practice, see, types[0] ?? '', aliases)
    return [current, past].map((scope) => ({ scope, types, isVisible: wherePredicate(scope, predicate) }))
  })
  if (parts.length === 0) {
    throw new Problem(
      'forbidden',
      `Cannot show the history of ${place.types.join(', ')}: this access does not include it`,
      {
        expression: place.types,
      },
    )
  }
  return (bounds) =>
    join(
      parts.map((part) => placesOfPart(part, place, bounds)),
      ' union all ',
    )
}

interface Part {
  readonly scope: Scope
  readonly types: readonly string[]
  readonly isVisible: Sql
}

function placesOfPart({ scope, types, isVisible }: Part, place: HistoryPlace, { from, upTo, limit }: Bounds): Sql {
  const { practice, row, isPast } = scope
  const limits = [isVisible, ...within(scope, place)]
  if (from)
    limits.push(sql`(${row}.upd, ${row}.rid, ${row}.ver) < (${from.upd}::int8, ${from.rid}::int8, ${from.ver}::int4)`)
  if (upTo !== undefined) limits.push(sql`${row}.upd <= ${upTo}::int8`)
  return sql`
    select v.* from unnest(${types.map(typeCode)}::int2[]) as asked (rtype), lateral (
      select ${row}.rtype, ${row}.rid, ${row}.ver, ${row}.upd
      from ${isPast ? sql`resource_history` : sql`resource`} ${row}
      where ${row}.practice = ${practice} and ${row}.rtype = asked.rtype and ${and(limits)}
      ${limit === undefined ? sql`` : sql`order by ${newestFirst(row)} limit ${limit}`}
    ) v`
}

function within({ practice, row, isPast }: Scope, { types, id, since, at }: HistoryPlace): Sql[] {
  const limits: Sql[] = []
  if (id !== undefined)
    limits.push(sql`${row}.key = ${keyText(practice, types[0] ?? '', id)}::int8 and ${row}.id = ${id}`)
  if (since !== undefined) limits.push(sql`${row}.upd >= ${since}::int8`)
  if (at) limits.push(sql`${row}.upd < ${at.high}::int8`)
  // a deletion is of the moment at which it happened; a current version is current ever since
  if (at && isPast)
    limits.push(
      sql`case when ${row}.deleted then ${row}.upd >= ${at.low}::int8 else ${row}.replaced > ${at.low}::int8 end`,
    )
  return limits
}

export function newestFirst(row: Sql): Sql {
  return sql`${row}.upd desc, ${row}.rid desc, ${row}.ver desc`
}

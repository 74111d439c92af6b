/**
 * The newest rows of each kind that a search finds: kinds are read from the texts, grouped, and the rows that remain are
 * fetched. https://hl7.org/fhir/R4/observation-operation-lastn.html
 */
import { and, type Database, sql } from '#db'
import { type Query, typeCode, typeOf } from '#fhir'
import { kindKeys, newestOfEach } from '../last/newest-of-each.ts'
import type { See } from '../see.ts'
import type { LastAsked, Row } from '../store.ts'
import { where } from './condition.ts'
import { none } from './date.ts'
import { conditionsOf, type Part } from './page.ts'
import { Aliases } from './scope.ts'
import { partOf } from './search.ts'

interface KindRow {
  rid: string
  dt: string
  dt_end: string | null
  kind: { coding?: { system?: string; code?: string }[]; text?: string } | null
}

interface BodyRow {
  rtype: number
  id: string
  ver: number
  upd: string
  body: string
}

/** Newest first; rows of one time count as one. The query is of one type and names its patient. */
export async function lastOfEach(
  db: Database,
  practice: number,
  see: See,
  query: Query,
  { element, most }: LastAsked,
): Promise<readonly Row[]> {
  const [type = ''] = query.types
  const part = partOf({ practice, see, where, aliases: new Aliases() }, type, query)
  const found = await kindsOf(db, part, element)
  const entries = found.map(({ rid, dt, dt_end: end, kind }) => ({
    rid,
    time: dt === none ? undefined : `${dt} ${end ?? ''}`,
    keys: kindKeys(kind ?? {}),
  }))
  const chosen = newestOfEach(entries, most).map(({ rid }) => rid)
  const rows = await db.many<BodyRow>(sql`
    select r.rtype, r.id, r.ver, r.upd, r.body
    from unnest(${chosen}::int8[]) with ordinality chosen (rid, n)
    join resource r on r.practice = ${practice} and r.rtype = ${typeCode(type)} and r.rid = chosen.rid
    order by chosen.n`)
  return rows.map(({ rtype, id, ver, upd, body }) => ({
    ...{ type: typeOf(rtype), id, version: ver, updated: Number(upd), body },
  }))
}

function kindsOf(db: Database, part: Part, element: LastAsked['element']): Promise<KindRow[]> {
  const { row } = part.scope
  return db.many<KindRow>(
    sql`
    select ${row}.rid, ${row}.dt, ${row}.dt_end, ${row}.body::jsonb -> ${element} as kind
    from resource ${row} where ${and(conditionsOf(part, undefined))}
    order by ${row}.dt desc, ${row}.rid desc`,
    { prepare: part.scope.isNarrow },
  )
}

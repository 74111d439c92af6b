/**
 * Versions from the newest to the oldest. https://hl7.org/fhir/R4/http.html#history
 *
 * A page begins after the place (stamp, rid, version) of the last row of the page before. Writes only add versions with
 * greater stamps, so later pages never shift; a version that is replaced meanwhile goes to history with its stamp, and each
 * statement sees it in one of the two tables. The history of one resource is complete, for its writers wait for each
 * other; across resources a version with a smaller stamp may still be on its way, so the first page ends at a T up to
 * which nothing can come any more (resources/stamp.ts): who polls with `_since` misses none.
 */
import { type Database, type Sql, sql } from '#db'
import { takeT } from '../resources/stamp.ts'
import type { See } from '../see.ts'
import type { Cursor, HistoryPage, HistoryPlace, Version } from '../store.ts'
import { newestFirst, placesOf } from './version-places.ts'
import { toVersion, type VersionRow } from './version-row.ts'

interface HistoryRow extends VersionRow {
  readonly rid: string
  readonly total: string | null
  /** The rows before it are all that a page holds. */
  readonly is_beyond: boolean
}

export async function history(
  db: Database,
  practice: number,
  see: See,
  place: HistoryPlace,
  from?: Cursor,
): Promise<HistoryPage> {
  const isOfOne = place.id !== undefined
  const places = placesOf(practice, see, place)
  const upTo = isOfOne || from ? undefined : await completeT(db, practice)
  const total = isOfOne ? sql`(select count(*) from (${places({})}) c)` : sql`null::int8`
  const limit = place.count + 1
  const rows = await db.many<HistoryRow>(page(practice, places({ from, upTo, limit }), limit, total), {
    prepare: isOfOne,
  })
  const versions = versionsThatFit(rows.slice(0, place.count))
  const last = rows[versions.length - 1]
  return {
    versions,
    ...(isOfOne && { total: Number(rows[0]?.total ?? 0) }),
    ...(last && rows.length > versions.length && { next: { upd: last.upd, rid: last.rid, ver: last.ver } }),
  }
}

/** While it waits for a slow writer, others wait behind it: not for long. */
function completeT(db: Database, practice: number): Promise<number> {
  return db.transaction(async (transaction) => {
    await transaction.run(sql`set local lock_timeout = '2s'`)
    return takeT(transaction, practice)
  })
}

/** A page of large files ends early: of the text as it is served, and of what is fetched for it. */
const mostBytes = 32 * 1024 * 1024

function versionsThatFit(rows: readonly HistoryRow[]): Version[] {
  const versions: Version[] = []
  let size = 0
  for (const row of rows) {
    if (versions.length > 0 && (row.is_beyond || size > mostBytes)) break
    const version = toVersion(row)
    if (version.state === 'stored') size += version.row.body.length
    versions.push(version)
  }
  return versions
}

/** The bodies are fetched for the rows of the page only. */
function page(practice: number, places: Sql, limit: number, total: Sql): Sql {
  const [p, r, h] = [sql`p`, sql`r`, sql`h`]
  const isSame = (row: Sql) => sql`${row}.rtype = p.rtype and ${row}.rid = p.rid and ${row}.ver = p.ver`
  return sql`
    with page as materialized (
      select v.* from (${places}) v order by ${newestFirst(sql`v`)} limit ${limit}
    ),
    sized as (
      select p.*, coalesce(r.id, h.id) as id, coalesce(h.deleted, false) as deleted, r.body, h.body as old,
        coalesce(sum(octet_length(coalesce(r.body, '')) + octet_length(coalesce(h.body, ''))) over (
          order by ${newestFirst(p)} rows between unbounded preceding and 1 preceding
        ), 0) > ${mostBytes}::int8 as is_beyond
      from page p
      left join resource ${r} on r.practice = ${practice} and ${isSame(r)}
      left join resource_history ${h} on h.practice = ${practice} and ${isSame(h)}
    )
    select rtype, rid, ver, upd, id, deleted, is_beyond, case when not is_beyond then body end as body,
      case when not is_beyond then old end as old, ${total} as total
    from sized
    order by ${newestFirst(sql`sized`)}`
}

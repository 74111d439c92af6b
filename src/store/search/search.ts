/**
 * Running a search: one statement for the page with its includes, one more for each level of `:iterate` and for an
 * accurate total. Bodies come as text and go out as text.
 * https://hl7.org/fhir/R4/search.html
 */
import { type Database, join, type Sql, sql } from '#db'
import { type Include, type Query, typeOf } from '#fhir'
import type { See } from '../see.ts'
import type { Cursor, Page, Row } from '../store.ts'
import { where } from './condition.ts'
import { includeParts, mostIncluded, unionOf } from './includes.ts'
import { countOf, isNarrow, isSteady, type Part, selectPage } from './page.ts'
import { Aliases, type Scope } from './scope.ts'
import { cursorAfter, type Key, orderByPlace, sortKeys } from './sort.ts'

interface Found extends Row {
  readonly rid: string
  readonly key: string
}

interface SearchRow {
  part: number
  rtype: number
  rid: string
  key: string
  id: string
  ver: number
  upd: string
  body: string
  place: string[] | null
}

/** Of the bodies on a page, which ends early where files are large. */
const mostBytes = 32 * 1024 * 1024

export async function search(db: Database, practice: number, see: See, query: Query, from?: Cursor): Promise<Page> {
  const base: Omit<Scope, 'row' | 'type' | 'isNarrow'> = { practice, see, where, aliases: new Aliases() }
  const parts = query.types.map((type) => partOf(base, type, query))
  const withheld = new Set<string>()
  const counted = query.total !== 'none' || query.summary === 'count' ? count(db, parts) : undefined
  // where the page is refused before it is waited for, this refusal would be nobody's and end the process
  counted?.catch(() => undefined)
  if (query.count === 0 || query.summary === 'count') {
    return { matches: [], included: [], total: (await counted) ?? 0, withheld: [], truncated: false }
  }
  const [rows, total] = await Promise.all([page(db, parts, query, from, withheld), counted])
  const shown = rows.filter(({ part }) => part === 0)
  const place = shown.at(-1)?.place
  const matches = shown.map(toFound)
  const direct = rows.filter(({ part }) => part === 1).map(toFound)
  const included = await withIterated(db, parts, query, matches, direct, withheld)
  return {
    matches,
    included,
    ...(total !== undefined && { total }),
    ...(place && { next: cursorAfter(place) }),
    withheld: [...withheld].sort(),
    truncated: included.length >= mostIncluded,
  }
}

export function partOf(base: Omit<Scope, 'row' | 'type' | 'isNarrow'>, type: string, query: Query): Part {
  const conditions = query.conditions.get(type) ?? []
  const wide: Scope = { ...base, row: base.aliases.next(), type, isNarrow: false }
  return { scope: { ...wide, isNarrow: isNarrow(wide, conditions) }, conditions }
}

async function count(db: Database, parts: readonly Part[]): Promise<number> {
  const [row] = await db.many<{ total: string }>(countOf(parts), {
    prepare: parts.every(({ scope }) => scope.isNarrow),
  })
  return Number(row?.total)
}

const columns = (row: Sql) => sql`${row}.rtype, ${row}.rid, ${row}.key, ${row}.id, ${row}.ver, ${row}.upd, ${row}.body`

function page(
  db: Database,
  parts: readonly Part[],
  query: Query,
  from: Cursor | undefined,
  withheld: Set<string>,
): Promise<SearchRow[]> {
  const [first] = parts
  if (!first) return Promise.resolve([])
  const limit = query.count + 1
  const selected = parts.map((part) => sql`(${selectPage(part, query, from, limit)})`)
  const scope = { ...first.scope, isNarrow: true }
  const included = includeParts(scope, sql`shown`, query.types, query.includes, withheld)
  const number = sql`row_number() over () as n`
  const row = sql`r`
  // of the last row shown, when one more was found
  const isLast = sql`shown.n = (select count(*) from shown) and exists (select 1 from page where n > shown.n)`
  const all = parts.length === 1 ? selected[0] : merged(selected, sortKeys(first.scope, query), limit)
  const statement = sql`
    with page as materialized (select p.*, ${number} from (${all}) p),
    shown as (
      select * from (
        select page.n, page.place, ${row}.toks, ${columns(row)},
          sum(octet_length(${row}.body)) over (order by page.n) - octet_length(${row}.body) as before
        from page join resource ${row} on ${row}.practice = page.practice and ${row}.rtype = page.rtype and ${row}.rid = page.rid
        where ${row}.practice = ${scope.practice} and page.n <= ${query.count}
      ) sized
      where before < ${mostBytes}::int8
    )
    select 0 as part, ${columns(sql`shown`)}, case when ${isLast} then shown.place end as place, shown.n from shown
    ${included.length > 0 ? sql`union all select distinct on (i.rid) 1 as part, ${columns(sql`i`)}, null::text[] as place, null::int8 as n from (${unionOf(included)}) i` : sql``}
    order by part, n`
  return db.many<SearchRow>(statement, { prepare: parts.every((part) => isSteady(part, query)) })
}

/** The first rows of each type, in the order that all share. */
function merged(selected: readonly Sql[], keys: readonly Key[], limit: number): Sql {
  return sql`select * from (${join(selected, ' union all ')}) u order by ${orderByPlace(keys)} limit ${limit}`
}

/** Follows `:iterate` includes from what was included, a statement a level, until nothing new comes. */
async function withIterated(
  db: Database,
  parts: readonly Part[],
  query: Query,
  matches: readonly Found[],
  included: readonly Found[],
  withheld: Set<string>,
): Promise<Found[]> {
  const seenRids = new Set(matches.map(({ rid }) => rid))
  const all = included.filter(({ rid }) => !seenRids.has(rid))
  for (const { rid } of all) seenRids.add(rid)
  const iterated = query.includes.filter(({ iterate }) => iterate)
  const [first] = parts
  let level: readonly Found[] = all
  while (first && iterated.length > 0 && level.length > 0 && all.length < mostIncluded) {
    const found = await nextLevel(db, { ...first.scope, isNarrow: true }, level, iterated, withheld)
    level = found.filter(({ rid }) => !seenRids.has(rid))
    for (const row of level) seenRids.add(row.rid)
    all.push(...level)
  }
  return all.slice(0, mostIncluded)
}

async function nextLevel(
  db: Database,
  scope: Scope,
  level: readonly Found[],
  includes: readonly Include[],
  withheld: Set<string>,
): Promise<Found[]> {
  const types = [...new Set(level.map(({ type }) => type))]
  const parts = includeParts(scope, sql`shown`, types, includes, withheld)
  if (parts.length === 0) return []
  const rows = await db.many<SearchRow>(
    sql`
    with shown as (
      select r.rtype, r.rid, r.key, r.toks from resource r
      where r.practice = ${scope.practice} and r.key = any(${level.map(({ key }) => key)}::int8[])
    )
    select distinct on (i.rid) 1 as part, ${columns(sql`i`)} from (${unionOf(parts)}) i`,
    { prepare: false },
  )
  return rows.map(toFound)
}

function toFound({ rtype, rid, key, id, ver, upd, body }: SearchRow): Found {
  return { type: typeOf(rtype), rid, key, id, version: ver, updated: Number(upd), body }
}

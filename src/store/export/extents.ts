import { type Runner, sql } from '#db'
import { typeCode, typeOf } from '#fhir'

/** How far the rows of a type reach. */
export interface Extent {
  readonly type: string
  /** rid of the first and of the last row. */
  readonly first: string
  readonly last: string
  /** As the planner reckons: good for progress and for cutting, not for telling. */
  readonly rows: number
}

/** Of those types of which there is any row, current or replaced. */
export async function extentsOf(runner: Runner, practice: number, types: readonly string[]): Promise<Extent[]> {
  const extents: Extent[] = []
  for (const reach of await reachesOf(runner, practice, types)) {
    extents.push({ ...reach, rows: await reckoned(runner, practice, typeCode(reach.type)) })
  }
  return extents
}

/** The same where it is known how many rows there are. */
export async function reachesOf(
  runner: Runner,
  practice: number,
  types: readonly string[],
): Promise<Omit<Extent, 'rows'>[]> {
  const found = await runner.many<{ rtype: number; first: string; last: string }>(sql`
    select asked.rtype, least(r.first, h.first) as first, greatest(r.last, h.last) as last
    from unnest(${types.map(typeCode)}::int2[]) as asked (rtype),
      lateral (select min(rid) as first, max(rid) as last from resource where practice = ${practice} and rtype = asked.rtype) r,
      lateral (select min(rid) as first, max(rid) as last from resource_history where practice = ${practice} and rtype = asked.rtype) h
    where r.first is not null or h.first is not null
  `)
  return found.map(({ rtype, first, last }) => ({ type: typeOf(rtype), first, last }))
}

/** Counting millions of rows would take a tenth of the time in which they are exported. */
async function reckoned(runner: Runner, practice: number, rtype: number): Promise<number> {
  const [row] = await runner.many<{ 'QUERY PLAN': readonly { readonly Plan: { readonly 'Plan Rows': number } }[] }>(
    sql`explain (format json) select 1 from resource where practice = ${practice} and rtype = ${rtype}`,
    { prepare: false },
  )
  return row?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? 1
}

/** Shared resources to which an export's rows refer: Practitioner, Organization, Medication … */
import { and, join, type Runner, type Sql, sql } from '#db'
import { typeCode, typeOf } from '#fhir'
import { keyText, saltText } from '../hash.ts'
import { versionScopes } from '../history/version-scope.ts'
import { planOf } from '../index/plan.ts'
import { Aliases, type Scope } from '../search/scope.ts'
import { wherePredicate } from '../search/visible.ts'
import type { Predicate, See } from '../see.ts'
import type { ExportPlace } from './selection.ts'

/** Keeps that the export refers to these (`Type/id`). */
export async function addTargets(
  runner: Runner,
  { practice, id }: Pick<ExportPlace, 'practice' | 'id'>,
  references: Iterable<string>,
): Promise<void> {
  const keys = Array.from(references, (reference) => {
    const slash = reference.indexOf('/')
    return keyText(practice, reference.slice(0, slash), reference.slice(slash + 1))
  })
  await addTargetKeys(runner, { practice, id }, keys)
}

export async function addTargetKeys(
  runner: Runner,
  { practice, id }: Pick<ExportPlace, 'practice' | 'id'>,
  keys: readonly string[],
): Promise<void> {
  if (keys.length === 0) return
  await runner.run(sql`
    insert into export_target (practice, export, key)
    select ${practice}::int4, ${id}::text, key from unnest(${keys}::int8[]) key
    on conflict do nothing
  `)
}

export interface TargetsAsked extends ExportPlace {
  /** Only these. */
  readonly types: readonly string[]
  readonly see: See
}

/** Notes the rows that are referred to, and what these refer to in turn, until nothing new comes; how many of each type. */
export async function noteTargets(runner: Runner, asked: TargetsAsked): Promise<ReadonlyMap<string, number>> {
  const { practice, id, t, types } = asked
  if (types.length === 0) return new Map()
  await runner.run(sql`set local statement_timeout = 0`)
  await forgetNoted(runner, asked)
  let isMore = true
  while (isMore) isMore = (await noteOnce(runner, asked)) > 0 && (await followNoted(runner, asked)) > 0
  const noted = await runner.many<{ rtype: number; rows: number }>(sql`
    select rtype, count(*)::int4 as rows from export_row
    where practice = ${practice} and export = ${id} and t = ${t}::int8 and rtype = any(${types.map(typeCode)}::int2[])
    group by rtype
  `)
  return new Map(noted.map(({ rtype, rows }) => [typeOf(rtype), rows]))
}

/** Those of some patient went out with the records of the cohort: a Device may be one's. */
async function forgetNoted(runner: Runner, { practice, id, t, types }: TargetsAsked): Promise<void> {
  await runner.run(sql`
    delete from export_row
    where practice = ${practice} and export = ${id} and t = ${t}::int8 and rtype = any(${types.map(typeCode)}::int2[])
  `)
}

/** As of T, wherever the version of then is now. */
function noteOnce(runner: Runner, asked: TargetsAsked): Promise<number> {
  const { practice, id, t, types, see } = asked
  const found = alike(types, see).flatMap(({ types: those, predicate }) => {
    const { current, past } = versionScopes(practice, see, those[0] ?? '')
    return [
      sql`select ${current.row}.rtype, ${current.row}.rid from resource ${current.row}
        where ${isTarget(asked, current, those)} and ${wherePredicate(current, predicate)}`,
      sql`select ${past.row}.rtype, ${past.row}.rid from resource_history ${past.row}
        where ${isTarget(asked, past, those)} and ${past.row}.replaced > ${t}::int8 and not ${past.row}.deleted
          and ${wherePredicate(past, predicate)}`,
    ]
  })
  if (found.length === 0) return Promise.resolve(0)
  return runner.run(sql`
    insert into export_row (practice, export, t, rtype, rid)
    select ${practice}::int4, ${id}::text, ${t}::int8, rtype, rid from (${join(found, ' union all ')}) found
    on conflict do nothing`)
}

interface Alike {
  readonly types: readonly string[]
  readonly predicate: Predicate
}

/** Types of which everything is seen are looked for together: each in the statement costs as much as its rows. */
function alike(types: readonly string[], see: See): Alike[] {
  const seen = types.flatMap((type): Alike[] => {
    const predicate = see(type)
    return predicate ? [{ types: [type], predicate }] : []
  })
  const whole = seen.filter(({ predicate }) => isEverything(predicate))
  const [first] = whole
  if (!first) return seen
  const together = { ...first, types: whole.flatMap(({ types: those }) => those) }
  return [together, ...seen.filter((each) => !whole.includes(each))]
}

function isEverything({ any }: Predicate): boolean {
  return any.some(({ where, hidden, ...limits }) => {
    const isLimited = Object.values(limits).some((limit) => limit !== undefined && limit !== false)
    return where.length === 0 && hidden.length === 0 && !isLimited
  })
}

function isTarget({ practice, id, t }: TargetsAsked, { row }: Scope, types: readonly string[]): Sql {
  return and([
    sql`${row}.practice = ${practice} and ${row}.rtype = any(${types.map(typeCode)}::int2[]) and ${row}.upd <= ${t}::int8`,
    sql`${row}.key in (select g.key from export_target g where g.practice = ${practice} and g.export = ${id})`,
    sql`${row}.patient is null`, // a Device may be some patient's
  ])
}

/** What the versions of T name; of the tokens only what is, or was, a resource counts. */
function followNoted(runner: Runner, { practice, id, t, types }: TargetsAsked): Promise<number> {
  const salts = [...new Set(types.flatMap(referenceSalts))]
  const codes = types.map(typeCode)
  const aliases = new Aliases()
  const named = (table: Sql, row: Sql, isOfThen: Sql) => sql`
    select tok # salt as key from export_row n
    join ${table} ${row} on ${row}.practice = ${practice} and ${row}.rtype = n.rtype and ${row}.rid = n.rid,
      unnest(${row}.toks) tok, unnest(${salts}::int8[]) salt
    where n.practice = ${practice} and n.export = ${id} and n.t = ${t}::int8 and n.rtype = any(${codes}::int2[])
      and ${row}.upd <= ${t}::int8 and ${isOfThen}`
  const [row, past] = [aliases.next(), aliases.next()]
  return runner.run(sql`
    with named as (
      ${named(sql`resource`, row, sql`true`)}
      union ${named(sql`resource_history`, past, sql`${past}.replaced > ${t}::int8 and not ${past}.deleted`)}
    )
    insert into export_target (practice, export, key)
    select ${practice}::int4, ${id}::text, known.key from (
      select r.key from resource r
      where r.practice = ${practice} and r.rtype = any(${codes}::int2[]) and r.key in (select key from named)
      union
      select h.key from resource_history h
      where h.practice = ${practice} and h.rtype = any(${codes}::int2[]) and h.key in (select key from named)
    ) known
    on conflict do nothing`)
}

function referenceSalts(type: string): string[] {
  return planOf(type)
    .sources.filter(({ kinds }) => kinds.has('reference'))
    .map(({ source }) => saltText(source.key))
}

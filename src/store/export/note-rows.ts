/** Notes which rows of a type go out where their type does not tell; read where `resource` is the state at T. */
import { and, or, type Runner, type Sql, sql } from '#db'
import { type Condition, typeCode } from '#fhir'
import { saltText } from '../hash.ts'
import { attachmentSource, attachmentTypes, securityContextSource } from '../index/attachments.ts'
import { planOf } from '../index/plan.ts'
import type { IndexScope } from '../index/rows.ts'
import { isSettled } from '../index-state.ts'
import { where } from '../search/condition.ts'
import { Aliases, type Scope } from '../search/scope.ts'
import { wherePredicate } from '../search/visible.ts'
import type { Predicate, See } from '../see.ts'
import type { ExportPlace } from './selection.ts'

/** The patients whose records go out. */
export type Cohort = 'everybody' | 'all patients' | 'members'

export interface RowsAsked extends ExportPlace {
  readonly type: string
  readonly cohort: Cohort
  readonly predicate: Predicate
  readonly see: See
  /** Searches of which one has to match, each with all its conditions; none: all match. */
  readonly filters: readonly (readonly Condition[])[]
}

export async function noteRows(runner: Runner, asked: RowsAsked): Promise<number> {
  const scope = scopeOf(asked)
  const { row } = scope
  return note(runner, asked, scope, and([...ownLimits(asked, scope), ...changed(asked, row), ...ofCohort(asked, row)]))
}

export interface ProvenanceAsked extends RowsAsked {
  /** Only Provenance of these types; of any unless given. */
  readonly targetTypes?: readonly string[]
  /** Of each target the newest. */
  readonly isLatest: boolean
  /** How this process indexes at the practice. */
  readonly scope: IndexScope
}

/**
 * Provenance whose targets are in the cohort.
 * https://hl7.org/fhir/uv/bulkdata/export.html#query-parameters
 */
export async function noteProvenance(runner: Runner, asked: ProvenanceAsked): Promise<number> {
  const scope = scopeOf(asked)
  const parts = { scope, target: scope.aliases.next() }
  if (asked.isLatest) return noteFound(runner, asked, latestOfTargets(asked, parts))
  if (asked.cohort === 'members') {
    const found = (await isSettled(runner, asked.scope, asked.type)) ? keptTargets(asked) : allTokens(asked)
    return noteFound(runner, asked, ofMembersRows(asked, { ...parts, found }))
  }
  const { row } = scope
  const { target } = parts
  const limits = and([targets(asked, target), ...changed(asked, row, target)])
  const isOfTarget = sql`exists (select 1 from ${pairs(row)}, resource ${target} where ${target}.key = tok # salt and ${limits})`
  return note(runner, asked, scope, and([...ownLimits(asked, scope), isOfTarget]))
}

interface ProvenanceParts {
  readonly scope: Scope
  readonly target: Sql
}

/** Of a row's tokens with the salts of Provenance.target: where `tok # salt` is a key, the row refers to it. */
function pairs(row: Sql): Sql {
  return sql`unnest(${row}.toks) tok, ${salts()}`
}

function salts(): Sql {
  const ofTargets = planOf('Provenance').sources.filter(({ source }) => source.path === 'Provenance.target')
  return sql`unnest(${ofTargets.map(({ source }) => saltText(source.key))}::int8[]) salt`
}

function targets(asked: ProvenanceAsked, target: Sql): Sql {
  const { practice, targetTypes } = asked
  return and([
    sql`${target}.practice = ${practice}`,
    ...ofCohort(asked, target),
    ...(targetTypes ? [sql`${target}.rtype = any(${targetTypes.map(typeCode)}::int2[])`] : []),
  ])
}

/** What refers to the cohort's records, found from these; `whole`: of a member who came later. */
function ofMembersRows(
  asked: ProvenanceAsked,
  { scope, target, found }: ProvenanceParts & { readonly found: Sql },
): Sql {
  const { row } = scope
  return sql`
    with owned as materialized (
      select ${target}.key # salt as tok, ${isWhole(asked, target)} as whole from resource ${target}, ${salts()} where ${targets(asked, target)}
    ),
    found as materialized (${found})
    select ${row}.rid from found join resource ${row} on ${row}.rid = found.rid
    where ${and([...ownLimits(asked, scope), ...newerOrWhole(asked, row)])}`
}

/** Of a token's bits, those by which tokens are looked up together: 256 arrays, however many tokens there are. */
const together = 56

/** Where every target is kept in order, what refers to a record is looked up. */
function keptTargets({ practice }: ProvenanceAsked): Sql {
  return sql`
    select kept.rid, bool_or(several.whole) as whole
    from (select whole, array_agg(tok) as toks from owned group by whole, tok >> ${together}::int4) several
    cross join lateral (
      select t.rid from index_token t where t.practice = ${practice} and t.tok = any(several.toks) offset 0
    ) kept
    group by 1`
}

/** Of rows that were indexed otherwise all tokens are compared. */
function allTokens({ practice, type }: ProvenanceAsked): Sql {
  return sql`
    select referring.rid, bool_or(owned.whole) as whole
    from owned join (
      select held.rid, unnest(held.toks) as tok from resource held
      where held.practice = ${practice} and held.rtype = ${typeCode(type)}
    ) referring on referring.tok = owned.tok
    group by 1`
}

function isWhole(asked: ProvenanceAsked, row: Sql): Sql {
  return asked.since === undefined ? sql`false` : sql`(${isNewMembersOwn(asked, row)})`
}

function newerOrWhole(asked: ProvenanceAsked, row: Sql): Sql[] {
  const limits = newer(asked, row)
  return limits.length === 0 ? limits : [or([...limits, sql`found.whole`])]
}

function latestOfTargets(asked: ProvenanceAsked, { scope, target }: ProvenanceParts): Sql {
  const { row } = scope
  return sql`
    select distinct latest.rid from (
      select distinct on (${target}.key) ${row}.rid, ${row}.upd, ${target}.patient
      from resource ${row}, ${pairs(row)}, resource ${target}
      where ${and(ownLimits(asked, scope))} and ${target}.key = tok # salt and ${targets(asked, target)}
      order by ${target}.key, ${row}.dt desc, ${row}.upd desc
    ) latest
    where ${and(changed(asked, sql`latest`))}`
}

/**
 * Binary that documents of the cohort name, or whose security context is in it: two lists, each joined once. As conditions
 * of each row, either of which may hold, they would be read again for each.
 */
export function noteBinaries(runner: Runner, asked: RowsAsked): Promise<number> {
  const scope = scopeOf(asked)
  const { row, practice } = scope
  return noteFound(
    runner,
    asked,
    sql`
    with named as not materialized (
      select tok # ${saltText(attachmentSource)}::int8 as key, d.patient from resource d, unnest(d.toks) tok
      where d.practice = ${practice} and d.rtype = any(${attachmentTypes.map(typeCode)}::int2[]) and ${and(ofCohort(asked, sql`d`))}
    ),
    binaries as materialized (
      select ${row}.rid, ${row}.key, ${row}.upd, ${row}.toks from resource ${row} where ${and(ownLimits(asked, scope))}
    )
    select distinct found.rid from (
      select binaries.rid, binaries.upd, named.patient from binaries join named on named.key = binaries.key
      union all
      select context.rid, context.upd, o.patient
      from (select b.rid, b.upd, tok # ${saltText(securityContextSource)}::int8 as key from binaries b, unnest(b.toks) tok) context
      join resource o on o.practice = ${practice} and o.key = context.key and ${and(ofCohort(asked, sql`o`))}
    ) found
    where ${and(changed(asked, sql`found`))}`,
  )
}

/** `rows` gives rids; they never leave the database, however many they are. */
function noteFound(runner: Runner, { practice, id, t, type }: RowsAsked, rows: Sql): Promise<number> {
  return runner.run(sql`
    insert into export_row (practice, export, t, rtype, rid)
    select ${practice}::int4, ${id}::text, ${t}::int8, ${typeCode(type)}::int2, noted.rid from (${rows}) noted
    on conflict do nothing`)
}

/** Single resources by their keys: members that are no patients, and the group itself. */
export async function noteKeys(runner: Runner, asked: RowsAsked, keys: readonly string[]): Promise<number> {
  const scope = scopeOf(asked)
  const { row } = scope
  const limits = [...ownLimits(asked, scope), ...newer(asked, row), sql`${row}.key = any(${keys}::int8[])`]
  return note(runner, asked, scope, and(limits))
}

function note(runner: Runner, { practice, id, t, type }: RowsAsked, { row }: Scope, limits: Sql): Promise<number> {
  return runner.run(sql`
    insert into export_row (practice, export, t, rtype, rid)
    select ${practice}::int4, ${id}::text, ${t}::int8, ${typeCode(type)}::int2, ${row}.rid from resource ${row} where ${limits}
    on conflict do nothing`)
}

function scopeOf({ practice, type, see }: RowsAsked): Scope {
  const aliases = new Aliases()
  return { practice, type, see, where, aliases, row: aliases.next(), isNarrow: false }
}

/** What is asked of the row itself, whenever it was changed. */
function ownLimits({ practice, type, predicate, filters, until }: RowsAsked, scope: Scope): Sql[] {
  const { row } = scope
  return [
    sql`${row}.practice = ${practice} and ${row}.rtype = ${typeCode(type)}`,
    wherePredicate(scope, predicate),
    ...(filters.length > 0
      ? [or(filters.map((conditions) => and(conditions.map((condition) => where(scope, condition)))))]
      : []),
    ...(until === undefined ? [] : [sql`${row}.upd < ${until}::int8`]),
  ]
}

function newer({ since }: RowsAsked, row: Sql): Sql[] {
  return since === undefined ? [] : [sql`${row}.upd > ${since}::int8`]
}

/** Changed since, or of a member who came later (`owner` says whose it is), of whom everything goes out. */
function changed(asked: RowsAsked, row: Sql, owner = row): Sql[] {
  const limits = newer(asked, row)
  return limits.length === 0 || asked.cohort !== 'members' ? limits : [or([...limits, isNewMembersOwn(asked, owner)])]
}

function isNewMembersOwn({ practice, id, t }: RowsAsked, owner: Sql): Sql {
  return sql`${owner}.patient in (
    select m.key from export_member m where m.practice = ${practice} and m.export = ${id} and m.t = ${t}::int8 and m.whole)`
}

function ofCohort({ cohort, practice, id, t }: RowsAsked, row: Sql): Sql[] {
  if (cohort === 'everybody') return []
  if (cohort === 'all patients') return [sql`${row}.patient is not null`]
  return [
    sql`${row}.patient in (select m.key from export_member m where m.practice = ${practice} and m.export = ${id} and m.t = ${t}::int8)`,
  ]
}

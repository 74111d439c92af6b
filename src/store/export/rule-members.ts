/** Who belongs to a group by its rule: living patients, found where `resource` is the state at T. */
import { and, join, type Runner, type Sql, sql } from '#db'
import {
  agedSince,
  type Condition,
  type ConditionRule,
  type GroupRule,
  parseConstraint,
  searchParametersOf,
  typeCode,
} from '#fhir'
import { where } from '../search/condition.ts'
import { Aliases, type Scope } from '../search/scope.ts'

export interface Place {
  readonly practice: number
  readonly zone: string
  /** T: microseconds. */
  readonly t: number
}

export interface RuleMember {
  readonly key: string
  /**
   * Since when (microseconds) at the latest: the birthday that brought them in, the Condition, or the last change of the
   * Patient, which may have been to the date of birth.
   */
  readonly added: number
}

interface Candidate {
  key: string
  changed: string
  birth: string | null
}

const microseconds = 1000

/** One statement, whatever the number of patients. */
export async function ruleMembers(
  runner: Runner,
  { practice, zone, t }: Place,
  rule: GroupRule,
): Promise<RuleMember[]> {
  const candidates = await runner.many<Candidate>(candidatesOf(practice, rule), { prepare: false })
  const { ages } = rule
  const at = Math.floor(t / microseconds)
  return candidates.flatMap(({ key, changed, birth }) => {
    if (!ages) return [{ key, added: Number(changed) }]
    const since = birth === null ? undefined : agedSince(ages, { birth: Number(birth), at, zone })
    return since === undefined ? [] : [{ key, added: Math.max(Number(changed), since * microseconds) }]
  })
}

function candidatesOf(practice: number, { ages, genders, conditions }: GroupRule): Sql {
  const aliases = new Aliases()
  const row = aliases.next()
  const scope = scopeOf(practice, row, aliases)
  const changes = conditions.map((condition) => changesOf(scope, condition))
  const dates = (searchParametersOf('Patient').get('birthdate')?.sources ?? []).map(({ source }) => source.key)
  const born = sql`(
    select min(d.low) from index_date d where d.practice = ${practice} and d.rid = ${row}.rid and d.src = any(${dates}::int4[])
  )`
  const limits = [
    ...asked('Patient', [['deceased:not', 'true']]),
    ...genders.flatMap(({ codes, isExcluded }) =>
      asked('Patient', [[isExcluded ? 'gender:not' : 'gender', codes.map(searched).join()]]),
    ),
  ]
  return sql`
    select ${row}.key, greatest(${join([sql`${row}.upd`, ...changes.map(({ alias }) => sql`${alias}.at`)], ', ')}) as changed,
      ${ages ? born : sql`null::int8`} as birth
    from resource ${row} ${join(
      changes.map(({ joined }) => joined),
      ' ',
    )}
    where ${row}.practice = ${practice} and ${row}.rtype = ${typeCode('Patient')}
      and ${and([...limits.map((condition) => where(scope, condition)), ...changes.flatMap(({ limit }) => limit)])}`
}

interface Changes {
  readonly alias: Sql
  readonly joined: Sql
  readonly limit: readonly Sql[]
}

/**
 * When a Condition brought its patient in. Where one keeps patients out, those are in who have none, since the last that
 * they had; its earlier versions tell by their tokens.
 */
function changesOf(patients: Scope, rule: ConditionRule): Changes {
  const { practice, aliases } = patients
  const [row, alias] = [aliases.next(), aliases.next()]
  const scope = scopeOf(practice, row, aliases, 'Condition')
  const having = sql`${row}.practice = ${practice} and ${row}.rtype = ${typeCode('Condition')}
    and ${and(conditionsOf(rule).map((condition) => where(scope, condition)))}`
  if (!rule.isExcluded) {
    const first = sql`select ${row}.patient, min(${row}.upd) as at from resource ${row} where ${having} group by 1`
    return { alias, joined: sql`join (${first}) ${alias} on ${alias}.patient = ${patients.row}.key`, limit: [] }
  }
  const past = aliases.next()
  const coded = asked('Condition', [codesOf(rule)]).map((condition) =>
    where({ ...scopeOf(practice, past, aliases, 'Condition'), isPast: true }, condition),
  )
  const last = sql`select ${past}.patient, max(${past}.replaced) as at from resource_history ${past}
    where ${past}.practice = ${practice} and ${past}.rtype = ${typeCode('Condition')} and not ${past}.deleted and ${and(coded)}
    group by 1`
  return {
    alias,
    joined: sql`left join (${last}) ${alias} on ${alias}.patient = ${patients.row}.key`,
    limit: [sql`not exists (select 1 from resource ${row} where ${having} and ${row}.patient = ${patients.row}.key)`],
  }
}

/** Conditions that are no mistake and were not refuted. */
function conditionsOf(rule: ConditionRule): Condition[] {
  const { low, high } = rule.period ?? { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }
  return asked('Condition', [
    codesOf(rule),
    ['verification-status:not', 'entered-in-error,refuted'],
    ...(Number.isFinite(low) ? [['onset-date', `ge${new Date(low).toISOString()}`] as const] : []),
    ...(Number.isFinite(high) ? [['onset-date', `lt${new Date(high).toISOString()}`] as const] : []),
  ])
}

function codesOf({ codings }: ConditionRule): readonly [string, string] {
  return ['code', codings.map(({ system, code }) => `${searched(system)}|${searched(code)}`).join()]
}

function asked(type: string, parameters: readonly (readonly [name: string, value: string])[]): Condition[] {
  return parseConstraint(type, new URLSearchParams(parameters.map(([name, value]) => [name, value])).toString())
}

/** https://hl7.org/fhir/R4/search.html#escaping */
function searched(text: string): string {
  return text.replace(/[\\,|$]/g, '\\$&')
}

function scopeOf(practice: number, row: Sql, aliases: Aliases, type = 'Patient'): Scope {
  return { practice, type, row, aliases, where, isNarrow: false, see: () => undefined }
}

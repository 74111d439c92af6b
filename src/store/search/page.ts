/** The statement of one page: which rows, in which order, from where; and the count of them all. */
import { and, join, type Sql, sql } from '#db'
import { type Condition, type Query, typeCode } from '#fhir'
import { orderedTokens } from '../main-dates.ts'
import type { Cursor } from '../store.ts'
import { isMainDate, none } from './date.ts'
import { ownersAsked } from './reference.ts'
import type { Scope } from './scope.ts'
import { after, afterAll, type Key, keyColumns, orderBy, orderByPlace, sortKeys } from './sort.ts'
import { tokenHashes } from './token.ts'
import { visible } from './visible.ts'

/** One type of a search, ready to be asked. */
export interface Part {
  readonly scope: Scope
  readonly conditions: readonly Condition[]
}

/**
 * Whether few rows are left: the search names a patient, or may see only certain patients' rows. The index by patient
 * answers these, whatever else is asked.
 */
export function isNarrow(scope: Scope, conditions: readonly Condition[]): boolean {
  if (conditions.some((condition) => condition.kind === 'id' || ownersAsked(scope.type, condition))) return true
  return scope.see(scope.type)?.any.every(({ patients }) => patients !== undefined) ?? false
}

/** Keys, order and place of the first `limit` rows of a part. */
export function selectPage(part: Part, query: Query, cursor: Cursor | undefined, limit: number): Sql {
  const { scope } = part
  const { row } = scope
  const keys = sortKeys(scope, query)
  if (isOldestFirst(scope, query)) return selectOldest(part, keys, cursor, limit)
  const driving = drivingToken(part, query)
  if (driving) {
    const { hash } = driving
    // the order is that of index_token, so its own columns are compared and sorted by
    const ordered = after(onTokens(keys), cursor)
    return sql`
      select ${row}.practice, ${row}.rtype, ${row}.rid, ${row}.key, ${row}.toks, array[t.dt::text, t.rid::text] as place
      from index_token t join resource ${row} on ${row}.practice = ${scope.practice} and ${row}.rtype = ${typeCode(scope.type)} and ${row}.rid = t.rid
      where t.practice = ${scope.practice} and t.tok = ${hash}::int8 and ${and([...conditionsOf(part, driving), ...ordered])}
      order by t.dt desc, t.rid desc limit ${limit}`
  }
  return selectRows(scope, keys, [...conditionsOf(part, undefined), ...after(keys, cursor)], limit)
}

function selectRows({ row }: Scope, keys: readonly Key[], conditions: readonly Sql[], limit: number): Sql {
  return sql`
    select ${row}.practice, ${row}.rtype, ${row}.rid, ${row}.key, ${row}.toks, ${keyColumns(keys)} as place
    from resource ${row} where ${and(conditions)}
    order by ${orderBy(keys)} limit ${limit}`
}

/** The index by date from its old end, then what has no date: each a walk of its own, so that any page costs the same. */
function selectOldest(part: Part, keys: readonly Key[], cursor: Cursor | undefined, limit: number): Sql {
  const { row } = part.scope
  const [first, ...others] = keys
  if (!first) throw new TypeError('An order has at least one key')
  const halves = [
    { condition: sql`${row}.dt > ${none}::int8`, expression: sql`${row}.dt` },
    { condition: sql`${row}.dt = ${none}::int8`, expression: sql`${afterAll}::int8` },
  ].map(({ condition, expression }) => {
    const own = [{ ...first, expression }, ...others]
    return sql`(${selectRows(part.scope, own, [...conditionsOf(part, undefined), condition, ...after(own, cursor)], limit)})`
  })
  return sql`select * from (${join(halves, ' union all ')}) halves order by ${orderByPlace(keys)} limit ${limit}`
}

function isOldestFirst({ type }: Scope, { sort, types }: Query): boolean {
  const [first, ...others] = sort
  if (!first || first.descending || others.length > 0 || types.length > 1) return false
  return isMainDate(type, first.parameter)
}

function onTokens(keys: ReturnType<typeof sortKeys>): ReturnType<typeof sortKeys> {
  const columns = [sql`t.dt`, sql`t.rid`]
  return keys.map((key, i) => ({ ...key, expression: columns[i] ?? key.expression }))
}

/** All conditions of a part, with what may be seen. */
export function conditionsOf({ scope, conditions }: Part, driving: Driving | undefined): Sql[] {
  const { row, practice, type } = scope
  const own = [sql`${row}.practice = ${practice}`, sql`${row}.rtype = ${typeCode(type)}`]
  const tested = driving
    ? conditions.filter((condition) => condition !== driving.condition || !driving.isWhole)
    : conditions
  const inner = driving ? { ...scope, isNarrow: true } : scope
  return [...own, visible(inner, type), ...tested.map((condition) => scope.where(inner, condition))]
}

interface Driving {
  readonly hash: string
  readonly condition: Condition
  /** The token says all that the condition asks (no system). */
  readonly isWhole: boolean
}

/** A token that is kept in order of date, and an order that is that one: its rows are walked. */
function drivingToken({ scope, conditions }: Part, query: Query): Driving | undefined {
  if (scope.isNarrow || !isNewestFirst(scope, query)) return undefined
  for (const condition of conditions) {
    if (condition.kind !== 'parameter' || condition.modifier !== undefined) continue
    const { parameter, values } = condition
    const [value] = values
    const isOrdered = orderedTokens[scope.type]?.includes(parameter.code) && parameter.sources.length === 1
    if (!isOrdered || values.length !== 1 || value?.kind !== 'token' || value.code === undefined) continue
    const [hash] = tokenHashes(scope.practice, parameter, { kind: 'token', code: value.code })
    if (hash !== undefined) return { hash, condition, isWhole: value.system === undefined }
  }
  return undefined
}

/** Whether one plan serves all values: the rows of a patient, or those of a token in its order, are always found by the same index. */
export function isSteady(part: Part, query: Query): boolean {
  return part.scope.isNarrow || drivingToken(part, query) !== undefined
}

function isNewestFirst({ type }: Scope, { sort, types }: Query): boolean {
  if (types.length > 1) return false
  const [first, ...others] = sort
  return first === undefined || (others.length === 0 && first.descending && isMainDate(type, first.parameter))
}

/** How many rows the search finds in all. */
export function countOf(parts: readonly Part[]): Sql {
  const counts = parts.map((part) => {
    const { row } = part.scope
    return sql`(select count(*) from resource ${row} where ${and(conditionsOf(part, undefined))})`
  })
  return sql`select (${join(counts, ' + ')})::text as total`
}

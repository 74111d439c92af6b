/**
 * The order of results, and where in it a page starts. The main date, `_lastUpdated` and the default order are columns
 * with an index, so any page costs what the first costs; every other key is computed for each match (docs/search.md).
 * https://hl7.org/fhir/R4/search.html#sort
 */
import { and, join, or, type Sql, sql } from '#db'
import { type Query, type SearchParameter, type SortKey, searchParametersOf } from '#fhir'
import { Problem } from '#lib'
import type { Cursor } from '../store.ts'
import { isMainDate, none } from './date.ts'
import type { Scope } from './scope.ts'

export interface Key {
  readonly expression: Sql
  readonly descending: boolean
  /** SQL type of the value in a cursor. */
  readonly type: 'int8' | 'float8' | 'text'
}

/** The keys of a query; between equals the server key decides, newest first unless all goes upwards (one walk of an index). */
export function sortKeys(scope: Scope, { sort, types }: Query): Key[] {
  const isUpwards = sort.length > 0 && sort.every(({ descending }) => !descending)
  const rid: Key = { expression: sql`${scope.row}.rid`, descending: !isUpwards, type: 'int8' }
  if (sort.length === 0) return [types.length > 1 ? stamp(scope, true) : mainDate(scope, true), rid]
  return [...sort.map((key) => keyOf(scope, ofType(scope.type, key))), rid]
}

/** In a search over several types each has its own parameter of that code. */
function ofType(type: string, { parameter, descending }: SortKey): SortKey {
  return { parameter: searchParametersOf(type).get(parameter.code) ?? parameter, descending }
}

/** Rows that give their keys as text (`place`) in the order of the keys: what several types found, merged. */
export function orderByPlace(keys: readonly Key[]): Sql {
  const places = keys.map(({ type, descending }, i) => {
    const value =
      type === 'text'
        ? sql`place[${i + 1}::int4] collate "C"`
        : type === 'int8'
          ? sql`place[${i + 1}::int4]::int8`
          : sql`place[${i + 1}::int4]::float8`
    return descending ? sql`${value} desc` : value
  })
  return join(places, ', ')
}

/** After all dates: upwards, rows without one come last too. */
export const afterAll = '9223372036854775807'

const mainDate = ({ row }: Scope, descending: boolean): Key => ({
  expression: descending
    ? sql`${row}.dt`
    : sql`case when ${row}.dt = ${none}::int8 then ${afterAll}::int8 else ${row}.dt end`,
  descending,
  type: 'int8',
})
const stamp = ({ row }: Scope, descending: boolean): Key => ({ expression: sql`${row}.upd`, descending, type: 'int8' })

function keyOf(scope: Scope, { parameter, descending }: SortKey): Key {
  if (parameter.code === '_lastUpdated') return stamp(scope, descending)
  if (parameter.code === '_id') return { expression: sql`${scope.row}.id`, descending, type: 'text' }
  if (isMainDate(scope.type, parameter)) return mainDate(scope, descending)
  return computed(scope, parameter, descending)
}

/** Rows without a value come last in either direction. */
function computed({ practice, row }: Scope, parameter: SearchParameter, descending: boolean): Key {
  const sources = parameter.sources.map(({ source }) => source.key)
  const of = sql`where practice = ${practice} and rid = ${row}.rid and src = any(${sources}::int4[])`
  const pick = descending ? sql`max` : sql`min`
  switch (parameter.type) {
    case 'string':
      return {
        expression: sql`coalesce((select ${pick}(val) from index_string ${of}), ${descending ? '' : '\u{10FFFF}'})`,
        descending,
        type: 'text',
      }
    case 'number':
    case 'quantity':
      return {
        expression: sql`coalesce((select ${pick}(low) from index_number ${of} and part is null), ${descending ? '-Infinity' : 'Infinity'}::float8)`,
        descending,
        type: 'float8',
      }
    case 'date':
      return {
        expression: sql`coalesce((select ${pick}(low) from index_date ${of} and part is null), ${descending ? '-9000000000000000' : '9000000000000000'}::int8)`,
        descending,
        type: 'int8',
      }
    default:
      return { expression: fromText(row, parameter, descending), descending, type: 'text' }
  }
}

/** Tokens, references and uris are kept as hashes: their order is read from the text, of several values the first. */
function fromText(row: Sql, parameter: SearchParameter, descending: boolean): Sql {
  const path = parameter.sources[0]?.source.path.split('.').slice(1) ?? []
  if (parameter.type === 'composite' || path.length === 0 || path.some((step) => !/^[A-Za-z]+$/.test(step))) {
    throw new Problem('incorrect', `Cannot sort by "${parameter.code}": only simple elements can be sorted by`, {
      expression: '_sort',
    })
  }
  const value = sql`jsonb_path_query_first(${row}.body::jsonb, ${`lax $.${path.map((step) => `"${step}"`).join('.')}[*]`}::jsonpath)`
  return sql`coalesce((
    select coalesce(
      v #>> '{coding,0,code}', v ->> 'code', v ->> 'value', v ->> 'reference',
      case when jsonb_typeof(v) <> 'object' then v #>> '{}' end
    ) collate "C"
    from (select ${value} as v) first
  ), ${descending ? '' : '\u{10FFFF}'})`
}

export function orderBy(keys: readonly Key[]): Sql {
  return join(
    keys.map(({ expression, descending }) => (descending ? sql`${expression} desc` : sql`${expression}`)),
    ', ',
  )
}

/** The key values that a row gives to a cursor, as one text array. */
export function keyColumns(keys: readonly Key[]): Sql {
  return sql`array[${join(
    keys.map(({ expression }) => sql`${expression}::text`),
    ', ',
  )}]`
}

export function cursorAfter(values: readonly string[]): Cursor {
  return { after: values }
}

/** Rows after the cursor. Keys that all run one way are one comparison of rows, which an index answers. */
export function after(keys: readonly Key[], cursor: Cursor | undefined): Sql[] {
  if (!cursor) return []
  const values = cursor.after
  if (!Array.isArray(values) || values.length !== keys.length) {
    throw new Problem('incorrect', 'This page link belongs to another search: start again from the first page', {
      expression: '_page',
    })
  }
  const typed = keys.map(({ type }, i) => typedValue(type, values[i]))
  const [first] = keys
  if (keys.every(({ descending }) => descending === first?.descending)) {
    const tuple = join(
      keys.map(({ expression }) => expression),
      ', ',
    )
    return [first?.descending ? sql`(${tuple}) < (${join(typed, ', ')})` : sql`(${tuple}) > (${join(typed, ', ')})`]
  }
  return [
    or(
      keys.map((key, i) =>
        and([...keys.slice(0, i).map((same, j) => sql`${same.expression} = ${typed[j]}`), beyond(key, typed[i])]),
      ),
    ),
  ]
}

function beyond({ expression, descending }: Key, value: Sql | undefined): Sql {
  return descending ? sql`${expression} < ${value}` : sql`${expression} > ${value}`
}

function typedValue(type: Key['type'], value: unknown): Sql {
  if (typeof value !== 'string')
    throw new Problem('incorrect', 'This page link is damaged: start again from the first page', {
      expression: '_page',
    })
  if (type === 'text') return sql`${value}::text collate "C"`
  return type === 'int8' ? sql`${value}::int8` : sql`${value}::float8`
}

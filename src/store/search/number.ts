/**
 * Number and quantity conditions over `index_number`: a value is [low, high], high absent for a point.
 * https://hl7.org/fhir/R4/search.html#number, #quantity, #prefix
 */
import { and, join, or, type Sql, sql } from '#db'
import type { Value } from '#fhir'
import { ofPart, type ParameterCondition, type Scope } from './scope.ts'

type Numeric = Extract<Value, { kind: 'number' | 'quantity' }>

export function whereNumber(scope: Scope, { parameter, values }: ParameterCondition): Sql {
  return numberRows(
    scope,
    parameter.sources.map(({ source }) => source.key),
    values,
    undefined,
  )
}

/** `part`: the token that the row of a composite must belong to. */
export function numberRows(
  { practice, row }: Scope,
  sources: readonly number[],
  values: readonly Value[],
  part: string | undefined,
): Sql {
  const conditions = values.map((value) =>
    isNumeric(value) ? and([rangeOf(value), ...unitOf(practice, value)]) : sql`false`,
  )
  return sql`exists (
    select 1 from index_number
    where practice = ${practice} and rid = ${row}.rid and src = any(${sources}::int4[]) and ${ofPart(part)} and ${or(conditions)}
  )`
}

/** Rows of which one element (its part) has all these numbers. */
export function numbersOfElement(
  { practice, row }: Scope,
  parts: readonly string[],
  numbers: readonly (readonly [source: number, value: Value])[],
): Sql {
  const each = numbers.map(
    ([source, value]) => sql`
    select rid, part from index_number
    where practice = ${practice} and src = ${source}::int4 and part = any(${parts}::int8[]) and ${isNumeric(value) ? rangeOf(value) : sql`false`}`,
  )
  return sql`${row}.rid in (select rid from (${join(each, ' intersect ')}) element)`
}

function isNumeric(value: Value): value is Numeric {
  return value.kind === 'number' || value.kind === 'quantity'
}

function rangeOf({ prefix, value, low, high }: Numeric): Sql {
  switch (prefix) {
    case 'eq':
      return sql`low >= ${low}::float8 and low < ${high}::float8 and (high is null or high < ${high}::float8)`
    case 'ne':
      return sql`not (low >= ${low}::float8 and low < ${high}::float8 and (high is null or high < ${high}::float8))`
    case 'gt':
      return sql`low > ${value}::float8 or high > ${value}::float8`
    case 'ge':
      return sql`low >= ${value}::float8 or high >= ${value}::float8`
    case 'lt':
      return sql`low < ${value}::float8`
    case 'le':
      return sql`low <= ${value}::float8`
    case 'sa':
      return sql`low > ${value}::float8`
    case 'eb':
      return sql`low < ${value}::float8 and (high is null or high < ${value}::float8)`
    case 'ap': {
      const around = Math.max(Math.abs(value) / 10, (high - low) / 2)
      return sql`low <= ${value + around}::float8 and coalesce(high, low) >= ${value - around}::float8`
    }
  }
}

/** The units of the practice that are meant: by system and code, or by code or text alone. */
function unitOf(practice: number, value: Numeric): Sql[] {
  if (value.kind === 'number' || value.unit === undefined) return []
  const meant =
    value.system === undefined
      ? sql`(code = ${value.unit} or text = ${value.unit})`
      : sql`system = ${value.system} and code = ${value.unit}`
  return [sql`index_number.unit in (select u.unit from unit u where u.practice = ${practice} and ${meant})`]
}

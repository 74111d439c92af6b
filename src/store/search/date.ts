/**
 * Date conditions: on the columns of the main date, on `upd` for _lastUpdated, on `index_date` for all others. Both the
 * value asked and the value stored are ranges [low, high). The prefixes are those of https://hl7.org/fhir/R4/search.html#prefix:
 * ge is "above, or contained" and le "below, or contained", which for ranges is what stands below.
 */
import { and, or, type Sql, sql } from '#db'
import type { SearchParameter, Value } from '#fhir'
import { mainDates } from '../main-dates.ts'
import { ofPart, type ParameterCondition, type Scope } from './scope.ts'

type DateValue = Extract<Value, { kind: 'date' }>

/** `dt` of a row without a main date. */
export const none = '-9223372036854775808'

export function isMainDate(type: string, { code }: SearchParameter): boolean {
  return mainDates[type] === code
}

export function whereDate(scope: Scope, { parameter, values }: ParameterCondition): Sql {
  const { row, type } = scope
  const dates = values.filter((value): value is DateValue => value.kind === 'date')
  if (parameter.code === '_lastUpdated') return or(dates.map((value) => ofStamp(row, value)))
  if (isMainDate(type, parameter)) return or(dates.map((value) => ofMainDate(row, value)))
  return dateRows(
    scope,
    parameter.sources.map(({ source }) => source.key),
    dates,
    undefined,
  )
}

export function dateRows(
  { practice, row }: Scope,
  sources: readonly number[],
  values: readonly Value[],
  part: string | undefined,
): Sql {
  const dates = values.filter((value): value is DateValue => value.kind === 'date')
  return sql`exists (
    select 1 from index_date
    where practice = ${practice} and rid = ${row}.rid and src = any(${sources}::int4[]) and ${ofPart(part)} and ${or(dates.map((value) => ofRow(value)))}
  )`
}

function ofRow({ prefix, low, high }: DateValue): Sql {
  switch (prefix) {
    case 'eq':
      return sql`low >= ${low}::int8 and low < ${high}::int8 and high <= ${high}::int8`
    case 'ne':
      return sql`not (low >= ${low}::int8 and high <= ${high}::int8)`
    case 'gt':
      return sql`high > ${high}::int8`
    case 'ge':
      return sql`low >= ${low}::int8 or high > ${high}::int8`
    case 'lt':
      return sql`low < ${low}::int8`
    case 'le':
      return sql`low < ${high}::int8 and (low < ${low}::int8 or high <= ${high}::int8)`
    case 'sa':
      return sql`low >= ${high}::int8`
    case 'eb':
      return sql`low < ${low}::int8 and high <= ${low}::int8`
    case 'ap': {
      const { from, to } = around(low, high)
      return sql`low < ${to}::int8 and high > ${from}::int8`
    }
  }
}

/** As `ofRow`, on `dt` and `dt_end`, where an absent end means one second. */
function ofMainDate(row: Sql, { prefix, low, high }: DateValue): Sql {
  const end = sql`coalesce(${row}.dt_end, ${row}.dt + 1000)`
  const isKnown = sql`${row}.dt > ${none}::int8`
  switch (prefix) {
    case 'eq':
      return sql`${row}.dt >= ${low}::int8 and ${row}.dt < ${high}::int8 and ${end} <= ${high}::int8`
    case 'ne':
      return sql`${isKnown} and not (${row}.dt >= ${low}::int8 and ${end} <= ${high}::int8)`
    case 'gt':
      return or([sql`${row}.dt >= ${high}::int8`, sql`${row}.dt_end > ${high}::int8`, ...straddling(row, high)])
    case 'ge':
      return or([sql`${row}.dt >= ${low}::int8`, sql`${row}.dt_end > ${high}::int8`, ...straddling(row, high)])
    case 'lt':
      return sql`${isKnown} and ${row}.dt < ${low}::int8`
    case 'le':
      return sql`${isKnown} and ${row}.dt < ${high}::int8 and (${row}.dt < ${low}::int8 or ${end} <= ${high}::int8)`
    case 'sa':
      return sql`${row}.dt >= ${high}::int8`
    case 'eb':
      return sql`${isKnown} and ${row}.dt < ${low}::int8 and ${end} <= ${low}::int8`
    case 'ap': {
      const { from, to } = around(low, high)
      return sql`${isKnown} and ${row}.dt < ${to}::int8 and ${end} > ${from}::int8`
    }
  }
}

/** Seconds that begin before a bound inside of them: only where the bound has a fraction. */
function straddling(row: Sql, high: number): Sql[] {
  if (high % 1000 === 0) return []
  return [and([sql`${row}.dt_end is null`, sql`${row}.dt > ${high - 1000}::int8`, sql`${row}.dt < ${high}::int8`])]
}

/** `upd` is an instant in microseconds. */
function ofStamp(row: Sql, { prefix, low, high }: DateValue): Sql {
  const [from, to] = [low * 1000, high * 1000]
  switch (prefix) {
    case 'eq':
      return sql`${row}.upd >= ${from}::int8 and ${row}.upd < ${to}::int8`
    case 'ne':
      return sql`not (${row}.upd >= ${from}::int8 and ${row}.upd < ${to}::int8)`
    case 'gt':
    case 'sa':
      return sql`${row}.upd >= ${to}::int8`
    case 'ge':
      return sql`${row}.upd >= ${from}::int8`
    case 'lt':
    case 'eb':
      return sql`${row}.upd < ${from}::int8`
    case 'le':
      return sql`${row}.upd < ${to}::int8`
    case 'ap': {
      const wide = around(low, high)
      return sql`${row}.upd >= ${wide.from * 1000}::int8 and ${row}.upd < ${wide.to * 1000}::int8`
    }
  }
}

/** A tenth of the distance to now on either side. */
function around(low: number, high: number, now = Date.now()) {
  const slack = Math.round(Math.max(Math.abs(now - low), Math.abs(now - high)) / 10)
  return { from: low - slack, to: high + slack }
}

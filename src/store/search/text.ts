/** String and uri conditions. https://hl7.org/fhir/R4/search.html#string, #uri */
import { or, type Sql, sql } from '#db'
import type { SearchParameter, Value } from '#fhir'
import { hashText } from '../hash.ts'
import { searchText } from '../index/forms.ts'
import type { ParameterCondition, Scope } from './scope.ts'
import { hasAny, likeText } from './token.ts'

const lastCharacter = '\u{10FFFF}'

export function whereString(scope: Scope, { parameter, modifier, values }: ParameterCondition): Sql {
  const { practice, row } = scope
  if (modifier === 'exact') return hasAny(scope, hashesOf(practice, parameter, 'x', values))
  const conditions = values.map((value) => matchOf(textOf(value), modifier === 'contains'))
  return sql`${row}.rid in (
    select rid from index_string
    where practice = ${practice} and src = any(${keysOf(parameter)}::int4[]) and ${or(conditions)}
  )`
}

function matchOf(text: string, isPart: boolean): Sql {
  const normal = searchText(text)
  if (isPart) return sql`val like ${`%${likeText(normal)}%`}`
  return sql`val >= ${normal} and val < ${normal + lastCharacter}`
}

export function whereUri(scope: Scope, { parameter, modifier, values }: ParameterCondition): Sql {
  if (modifier === undefined) return hasAny(scope, hashesOf(scope.practice, parameter, 'u', values))
  const urls = values.map(textOf)
  const related =
    modifier === 'below'
      ? sql`text like any(${urls.map((url) => `${likeText(url)}%`)}::text[])`
      : or(urls.map((url) => sql`starts_with(${url}, text)`))
  return sql`${scope.row}.toks && (
    select array_agg(tok) from token_text
    where practice = ${scope.practice} and src = any(${keysOf(parameter)}::int4[]) and ${related}
  )`
}

function hashesOf(practice: number, parameter: SearchParameter, form: string, values: readonly Value[]): string[] {
  return parameter.sources.flatMap(({ source }) =>
    values.map((value) => hashText(practice, source.key, form, textOf(value))),
  )
}

function keysOf({ sources }: SearchParameter): number[] {
  return sources.map(({ source }) => source.key)
}

function textOf(value: Value): string {
  if (value.kind === 'string') return value.text
  if (value.kind === 'url') return value.url
  throw new TypeError(`${value.kind} is not a value of a string or uri parameter`)
}

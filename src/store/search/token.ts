/**
 * Token conditions over `resource.toks`. The forms of hashes stand in `store/index/token.ts`.
 * https://hl7.org/fhir/R4/search.html#token
 */
import { type Sql, sql } from '#db'
import type { SearchParameter, Value } from '#fhir'
import { hashText } from '../hash.ts'
import { searchText, systemCode } from '../index/forms.ts'
import type { ParameterCondition, Scope } from './scope.ts'

/** Rows whose tokens hold any of these hashes. */
export function hasAny({ row, isNarrow }: Pick<Scope, 'row' | 'isNarrow'>, hashes: readonly string[]): Sql {
  const [first] = hashes
  if (first === undefined) return sql`false`
  if (isNarrow && hashes.length === 1) return sql`${first}::int8 = any(${row}.toks)`
  if (isNarrow) return sql`exists (select 1 from unnest(${row}.toks) t where t = any(${hashes}::int8[]))`
  if (hashes.length === 1) return sql`${row}.toks @> array[${first}::int8]`
  return sql`${row}.toks && ${hashes}::int8[]`
}

export function whereToken(scope: Scope, { parameter, modifier, values }: ParameterCondition): Sql {
  if (modifier === 'text') return whereText(scope, parameter, values)
  const matching = hasAny(
    scope,
    values.flatMap((value) => tokenHashes(scope.practice, parameter, value)),
  )
  return modifier === 'not' || modifier === 'not-in' ? sql`not ${matching}` : matching
}

/** The hashes that rows with this value hold, of each path of the parameter. */
export function tokenHashes(practice: number, parameter: SearchParameter, value: Value): string[] {
  return parameter.sources.flatMap(({ source }) =>
    formsOf(parameter, value).map(([form, text]) => hashText(practice, source.key, form, text)),
  )
}

type Form = readonly [form: string, text: string]

function formsOf(parameter: SearchParameter, value: Value): Form[] {
  if (value.kind === 'tokens') return value.tokens.flatMap((token) => codeForms(parameter, token.system, token.code))
  if (value.kind === 'of-type') return [['o', `${systemCode(value.system, value.code)}|${value.value}`]]
  if (value.kind !== 'token') throw new TypeError(`${value.kind} is not a value of a token parameter`)
  const { system, code } = value
  if (code === undefined) return [['y', system ?? '']]
  if (system === undefined) return [['c', code]]
  return codeForms(parameter, system, code)
}

function codeForms({ codeSystem }: SearchParameter, system: string | null, code: string): Form[] {
  const exact: Form = ['s', systemCode(system, code)]
  return system !== null && system === codeSystem ? [exact, ['c', code]] : [exact]
}

/** `:text`: the texts that occur at the practice are few, so they are found first. */
function whereText({ practice, row }: Scope, { sources }: SearchParameter, values: readonly Value[]): Sql {
  const keys = sources.map(({ source }) => source.key)
  const patterns = values.flatMap((value) => (value.kind === 'string' ? [`${likeText(searchText(value.text))}%`] : []))
  return sql`${row}.toks && (
    select array_agg(tok) from token_text
    where practice = ${practice} and src = any(${keys}::int4[]) and text like any(${patterns}::text[])
  )`
}

/** Text in a LIKE pattern that means itself. */
export function likeText(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}

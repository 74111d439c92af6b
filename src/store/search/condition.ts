/** From a condition of the query tree to SQL over one alias of `resource`. */
import { or, type Sql, sql } from '#db'
import { type Condition, type SearchParameter, typeCode } from '#fhir'
import { keyText, saltText } from '../hash.ts'
import { placeKey, planOf } from '../index/plan.ts'
import { whereComposite } from './composite.ts'
import { whereDate } from './date.ts'
import { whereNear } from './near.ts'
import { whereNumber } from './number.ts'
import { ownersAsked, referenceHash, whereReference } from './reference.ts'
import { type ParameterCondition, type Scope, within } from './scope.ts'
import { whereString, whereUri } from './text.ts'
import { hasAny, whereToken } from './token.ts'
import { visible } from './visible.ts'

export function where(scope: Scope, condition: Condition): Sql {
  if (scope.isPast && !isToldByTokens(condition)) return sql`false`
  switch (condition.kind) {
    case 'parameter':
      return whereParameter(scope, condition)
    case 'id': {
      const ids = sql`${scope.row}.key = any(${condition.ids.map((id) => keyText(scope.practice, scope.type, id))}::int8[])`
      return condition.not ? sql`not ${ids}` : ids
    }
    case 'chain':
      return or(
        condition.targets.map((target) => whereChain(scope, condition.parameter, target.type, target.condition)),
      )
    case 'has':
      return whereHas(scope, condition)
    case 'compartment':
      return whereCompartment(scope, condition)
    case 'list':
      return whereList(scope, condition.id)
  }
}

/**
 * Whether an earlier version, of which only the tokens are kept, can be held against it. Only what a token says counts: one
 * that is missing may have been made by an older way of indexing.
 */
function isToldByTokens(condition: Condition): boolean {
  if (condition.kind === 'id') return true
  if (condition.kind !== 'parameter' || (condition.modifier !== undefined && condition.modifier !== 'in')) return false
  return condition.parameter.type === 'token' || condition.parameter.type === 'reference'
}

function whereParameter(scope: Scope, condition: ParameterCondition): Sql {
  if (condition.modifier === 'missing') return whereMissing(scope, condition)
  switch (condition.parameter.type) {
    case 'token':
      return whereToken(scope, condition)
    case 'reference':
      return whereReference(scope, condition)
    case 'string':
      return whereString(scope, condition)
    case 'uri':
      return whereUri(scope, condition)
    case 'date':
      return whereDate(scope, condition)
    case 'number':
    case 'quantity':
      return whereNumber(scope, condition)
    case 'composite':
      return whereComposite(scope, condition)
    case 'special':
      return whereNear(scope, condition)
  }
}

/** https://hl7.org/fhir/R4/search.html#modifiers: missing */
function whereMissing({ row, type }: Scope, { parameter, values: [value] }: ParameterCondition): Sql {
  if (value?.kind !== 'missing') throw new TypeError(':missing has no value')
  if (parameter.code === '_lastUpdated') return value.missing ? sql`false` : sql`true`
  const { places } = planOf(type)
  const isThere = or(
    placesOf(parameter).flatMap((key) => {
      const place = places.get(key)
      return place === undefined
        ? []
        : [sql`length(${row}.present) > ${place} and get_bit(${row}.present, ${place}) = 1`]
    }),
  )
  return value.missing ? sql`not ${isThere}` : isThere
}

function placesOf({ sources }: SearchParameter): string[] {
  return sources.map(({ source, onlyTarget }) => placeKey(source.key, onlyTarget))
}

/** Each hop needs access to the type it leads over, and sees only rows that this principal may see (S-5, S-6). */
function whereChain(scope: Scope, parameter: SearchParameter, type: string, condition: Condition): Sql {
  const target = scope.aliases.next()
  const inner = within(scope, target, type)
  const targets = sql`
    from resource ${target}
    where ${target}.practice = ${scope.practice} and ${target}.rtype = ${typeCode(type)} and ${visible(inner, type)} and ${scope.where(inner, condition)}`
  if (type === 'Patient' && isOwner(scope.type, parameter))
    return sql`${scope.row}.patient in (select ${target}.key ${targets})`
  return or(
    parameter.sources
      .filter(({ onlyTarget }) => onlyTarget === undefined || onlyTarget === type)
      .map(
        ({ source }) =>
          sql`${scope.row}.toks && (select array_agg(${target}.key # ${saltText(source.key)}::int8) ${targets})`,
      ),
  )
}

function isOwner(type: string, parameter: SearchParameter): boolean {
  const asked: Condition = {
    kind: 'parameter',
    parameter,
    onlyTarget: 'Patient',
    values: [{ kind: 'reference', type: 'Patient', id: 'x' }],
  }
  return ownersAsked(type, asked) !== undefined
}

/** Keys of what rows of `type` refer to: token xor salt is a key where the token is a reference by that path. */
function whereHas(scope: Scope, { type, parameter, condition }: Extract<Condition, { kind: 'has' }>): Sql {
  const from = scope.aliases.next()
  const inner = within(scope, from, type)
  const rows = sql`${from}.practice = ${scope.practice} and ${from}.rtype = ${typeCode(type)} and ${visible(inner, type)} and ${scope.where(inner, condition)}`
  if (scope.type === 'Patient' && isOwner(type, parameter)) {
    return sql`${scope.row}.key in (select ${from}.patient from resource ${from} where ${rows})`
  }
  return or(
    parameter.sources
      .filter(({ onlyTarget }) => onlyTarget === undefined || onlyTarget === scope.type)
      .map(
        ({ source }) => sql`${scope.row}.key in (
          select tok # ${saltText(source.key)}::int8 from resource ${from}, unnest(${from}.toks) tok where ${rows}
        )`,
      ),
  )
}

/** https://hl7.org/fhir/R4/compartmentdefinition.html: the resource itself, or one that refers to it by any of the parameters. */
function whereCompartment(scope: Scope, { type, id, parameters }: Extract<Condition, { kind: 'compartment' }>): Sql {
  const { practice, row } = scope
  const itself = scope.type === type ? [sql`${row}.key = ${keyText(practice, type, id)}::int8`] : []
  const hashes = parameters.flatMap(({ sources }) =>
    sources.map(({ source }) => referenceHash(practice, source.key, type, id)),
  )
  return or([...itself, ...(hashes.length > 0 ? [hasAny(scope, hashes)] : [])])
}

function whereList(scope: Scope, id: string): Sql {
  const list = scope.aliases.next()
  const inner = within(scope, list, 'List')
  const salts = [...planOf('List').sources]
    .filter(({ source }) => source.path === 'List.entry.item')
    .map(({ source }) => saltText(source.key))
  return sql`${scope.row}.key in (
    select tok # salt from resource ${list}, unnest(${list}.toks) tok, unnest(${salts}::int8[]) salt
    where ${list}.practice = ${scope.practice} and ${list}.key = ${keyText(scope.practice, 'List', id)}::int8 and ${visible(inner, 'List')}
  )`
}

/**
 * `_include` and `_revinclude` as parts of the page's own statement: a reference token xor the path's salt is the key of
 * its target, so neither direction reads a body. Rows that the principal may not see never come; a type that may not be
 * seen at all is told apart, so that the answer can say so. https://hl7.org/fhir/R4/search.html#include
 */
import { and, join, or, type Sql, sql } from '#db'
import {
  type Include,
  ownerSearchParameters,
  resourceTypes,
  type SearchParameter,
  searchParametersOf,
  typeCode,
} from '#fhir'
import { saltText } from '../hash.ts'
import type { Scope } from './scope.ts'
import { wherePredicate } from './visible.ts'

/** Most rows that one include adds to a page. */
export const mostIncluded = 1000

/** Statements that give the included rows of `page` (a relation with rtype, key and toks); types withheld are added to `withheld`. */
export function includeParts(
  scope: Scope,
  page: Sql,
  types: readonly string[],
  includes: readonly Include[],
  withheld: Set<string>,
): Sql[] {
  return includes.flatMap((include) =>
    include.reverse ? reverse(scope, page, types, include, withheld) : forward(scope, page, types, include, withheld),
  )
}

function forward(scope: Scope, page: Sql, types: readonly string[], include: Include, withheld: Set<string>): Sql[] {
  if (!types.includes(include.type)) return []
  const uses = parametersOf(include).flatMap((parameter) =>
    parameter.sources.map((use) => ({ ...use, targets: parameter.targets })),
  )
  if (uses.length === 0) return []
  const salts = [...new Set(uses.map(({ source }) => saltText(source.key)))]
  const wanted = new Set(uses.flatMap(({ onlyTarget, targets }) => (onlyTarget ? [onlyTarget] : targets)))
  const targets = [...wanted].filter((type) => include.onlyTarget === undefined || type === include.onlyTarget)
  const row = scope.aliases.next()
  const hidden = new Set<string>()
  const seen = visibleAmong(scope, row, targets, hidden)
  // hardly anybody sees audits, and a reference to anything may lead to one
  if (include.parameter && !include.onlyTarget) hidden.delete('AuditEvent')
  for (const type of hidden) withheld.add(type)
  if (!seen) return []
  return [
    sql`
    select ${row}.* from resource ${row}
    where ${row}.practice = ${scope.practice} and ${row}.key in (
      select tok # salt from ${page} p, unnest(p.toks) tok, unnest(${salts}::int8[]) salt where p.rtype = ${typeCode(include.type)}
    ) and ${seen} limit ${mostIncluded}`,
  ]
}

function reverse(scope: Scope, page: Sql, types: readonly string[], include: Include, withheld: Set<string>): Sql[] {
  const row = scope.aliases.next()
  const seen = visibleAmong(scope, row, [include.type], withheld)
  if (!seen) return []
  const referring = parametersOf(include).map((parameter) => refersTo(row, page, include, parameter, types))
  if (referring.length === 0) return []
  return [
    sql`
    select ${row}.* from resource ${row}
    where ${row}.practice = ${scope.practice} and ${or(referring)} and ${seen} limit ${mostIncluded}`,
  ]
}

function refersTo(row: Sql, page: Sql, include: Include, parameter: SearchParameter, types: readonly string[]): Sql {
  if (ownerSearchParameters(include.type).includes(parameter.code) && types.every((type) => type === 'Patient')) {
    return sql`${row}.patient in (select key from ${page} p)`
  }
  const salts = parameter.sources.map(({ source }) => saltText(source.key))
  return sql`${row}.toks && (select array_agg(p.key # salt) from ${page} p, unnest(${salts}::int8[]) salt)`
}

function parametersOf({ type, parameter }: Include): SearchParameter[] {
  if (parameter) return [parameter]
  return [...searchParametersOf(type).values()].filter((each) => each.type === 'reference')
}

/** Rows of those of `types` that may be seen; undefined when there is none. */
export function visibleAmong(scope: Scope, row: Sql, types: readonly string[], withheld: Set<string>): Sql | undefined {
  const groups = new Map<string, { types: number[]; condition: Sql }>()
  for (const type of types.length > 0 ? types : resourceTypes) {
    const predicate = scope.see(type)
    if (!predicate) {
      withheld.add(type)
      continue
    }
    const isPlain = predicate.any.every(
      (clause) => clause.where.length === 0 && clause.hidden.length === 0 && !clause.follows,
    )
    const name = isPlain ? JSON.stringify(predicate) : type
    const group = groups.get(name)
    if (group) group.types.push(typeCode(type))
    else
      groups.set(name, {
        types: [typeCode(type)],
        condition: wherePredicate({ ...scope, row, type, isNarrow: true }, predicate),
      })
  }
  if (groups.size === 0) return undefined
  return or(
    [...groups.values()].map(({ types: codes, condition }) =>
      and([sql`${row}.rtype = any(${codes}::int2[])`, condition]),
    ),
  )
}

/** All parts as one relation, each row once. */
export function unionOf(parts: readonly Sql[]): Sql {
  return join(
    parts.map((part) => sql`(${part})`),
    ' union all ',
  )
}

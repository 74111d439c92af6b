import { refusal } from '#access'
import { type Condition, parseSearch, terminology } from '#fhir'
import { parameters, standardPath } from '#http'
import { Problem } from '#lib'
import type { ExportRequest } from '../../export.ts'
import type { Exporter } from '../../exporter.ts'
import { checkNumber, leniently, type Reading, textsOf, unfit } from './reading.ts'

/** Parameters that shape an answer instead of choosing rows. */
const ofResults =
  /^_(sort|count|include|revinclude|elements|summary|total|contained|containedType|format|pretty|page|type)(:|$)/

/**
 * `_typeFilter`: for each type the queries of which one has to match, percent-encoded. Given repeatedly, or with commas
 * between them; a comma within a query is told from those by what follows it (P16).
 */
export function readTypeFilters(reading: Reading, types: readonly string[]): ExportRequest['filters'] {
  const queries = textsOf(reading, '_typeFilter').flatMap((text) => text.split(/,(?=[A-Za-z]+(?:\?|%3F))/i))
  checkNumber('_typeFilter', queries.length)
  const read = queries.flatMap((query) => leniently(reading, () => readFilter(reading, query.trim(), types)) ?? [])
  const byType = Map.groupBy(read, ({ type }) => type)
  return Object.fromEntries([...byType].map(([type, same]) => [type, [...new Set(same.map(({ query }) => query))]]))
}

function readFilter({ practice, exporter }: Reading, text: string, types: readonly string[]) {
  const [, type = '', query = ''] = /^([A-Za-z]+)(?:\?|%3F)(.*)$/is.exec(text) ?? []
  if (query === '') throw unfit('_typeFilter', `"${text}" is not a search such as Observation?status=final`)
  if (!types.includes(type)) throw unfit('_typeFilter', `${type} is not among the types that are exported`)
  // a query that was escaped as a whole is unescaped first
  const given = parameters(text.includes('?') ? query : (parameters(`query=${query}`)[0]?.[1] ?? ''))
  const control = given.find(([name]) => ofResults.test(name))
  if (control) throw unfit('_typeFilter', `"${control[0]}" shapes an answer, and a filter only chooses resources`)
  const hidden = read(practice, type, given)
    .flatMap(typesIn)
    .find((other) => !exporter.seeOver(other))
  if (hidden !== undefined) throw refused(exporter, hidden)
  return {
    type,
    query: given.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&'),
  }
}

function refused({ principal, rules, see }: Exporter, type: string): Problem {
  if (!see(type)) return refusal(principal, 'read', type, rules)
  const sentence = `Cannot filter by what ${type} says: the practice permits this app some groups only, and others would count, too`
  return new Problem('forbidden', sentence, { expression: '_typeFilter' })
}

/** Types over which a condition looks. */
function typesIn(condition: Condition): readonly string[] {
  if (condition.kind === 'chain')
    return condition.targets.flatMap(({ type, condition: next }) => [type, ...typesIn(next)])
  if (condition.kind === 'has') return [condition.type, ...typesIn(condition.condition)]
  return condition.kind === 'list' ? ['List'] : []
}

function read({ timeZone, root, dialect }: Reading['practice'], type: string, given: ReturnType<typeof parameters>) {
  try {
    const query = parseSearch({
      types: [type],
      parameters: given,
      handling: 'strict',
      zone: timeZone,
      bases: [...new Set([standardPath, ...dialect.fhirPaths])].map((path) => root + path),
      terminology: terminology(),
      defaultCount: 1,
      maximumCount: 1,
    })
    return query.conditions.get(type) ?? []
  } catch (cause) {
    if (!(cause instanceof Problem)) throw cause
    throw new Problem('incorrect', `Cannot take the parameter "_typeFilter" for ${type}: ${cause.message}`, {
      expression: '_typeFilter',
      issue: cause.issue ?? 'value',
      cause,
    })
  }
}

/** What search parameters see in the resources, by fhirpath.js and the published expressions. */
import { evaluate } from '../search-parameters/published.ts'
import type { Resource } from '../support/ndjson.ts'
import { type Definition, definitionOf } from './definitions.ts'

export interface Found {
  readonly type: string
  // biome-ignore lint/suspicious/noExplicitAny: elements of any shape
  readonly value: any
}

const seen = new WeakMap<Resource, Map<string, readonly Found[]>>()

export function valuesOf(resource: Resource, code: string): readonly Found[] {
  const known = seen.get(resource) ?? new Map<string, readonly Found[]>()
  seen.set(resource, known)
  const values = known.get(code) ?? read(resource, definitionOf(resource.resourceType, code))
  known.set(code, values)
  return values
}

function read(resource: Resource, definition: Definition | undefined): Found[] {
  if (!definition?.expression) return []
  return found(alternativesOf(definition.expression, resource.resourceType), resource, resource)
}

/** Only those that can start at the type: the others find nothing and cost time. */
function alternativesOf(expression: string, type: string): string {
  const own = new RegExp(`\\b(${type}|Resource|DomainResource)\\b`)
  return expression
    .split('|')
    .filter((each) => own.test(each))
    .join('|')
}

export function found(expression: string, value: object, within: object, base?: string): Found[] {
  if (expression === '') return []
  return [...evaluate(expression, value, within, base)].map((text) => {
    const blank = text.indexOf(' ')
    const json = text.slice(blank + 1)
    return { type: text.slice(0, blank), value: json === 'undefined' ? undefined : JSON.parse(json) }
  })
}

/**
 * Search without an index: every resource is looked at, every condition is asked of it as R4 words it. It shares nothing
 * with the server: values come from fhirpath.js and HL7's package. https://hl7.org/fhir/R4/search.html
 */
import type { Resource } from '../support/ndjson.ts'
import { compartmentCodes, type Definition, definitionAt, definitionOf } from './definitions.ts'
import { meetsNumber } from './quantities.ts'
import { meetsTime, rangeOf, timeOf } from './times.ts'
import { meetsReference, meetsString, meetsToken, meetsUri, targetOf } from './tokens.ts'
import { type Found, found, valuesOf } from './values.ts'

export class Oracle {
  readonly #byType = new Map<string, Resource[]>()
  readonly #byKey = new Map<string, Resource>()

  constructor(resources: readonly Resource[]) {
    for (const resource of resources) {
      const alike = this.#byType.get(resource.resourceType)
      if (alike) alike.push(resource)
      else this.#byType.set(resource.resourceType, [resource])
      this.#byKey.set(`${resource.resourceType}/${resource.id}`, resource)
    }
  }

  all(type: string): Resource[] {
    return this.#byType.get(type) ?? []
  }

  at(key: string): Resource | undefined {
    return this.#byKey.get(key)
  }

  types(): string[] {
    return [...this.#byType.keys()]
  }

  find(type: string, asked: readonly (readonly [name: string, value: string])[]): Resource[] {
    return asked.reduce((left, [name, value]) => this.#meeting(left, type, name, value), this.all(type))
  }

  /** `Patient/1/Observation`; undefined when the type is not part of the compartment. */
  inCompartment(key: string, type: string): Resource[] | undefined {
    const codes = compartmentCodes(key.split('/')[0] ?? '', type)
    if (!codes) return undefined
    return this.all(type).filter((each) =>
      codes.some((code) => valuesOf(each, code).some((value) => targetOf(value) === key)),
    )
  }

  #meeting(resources: readonly Resource[], type: string, name: string, value: string): Resource[] {
    const has = /^_has:(\w+):([^:]+):(.+)$/.exec(name)
    if (has) {
      const [, from = '', reference = '', inner = ''] = has
      const keys = new Set(this.find(from, [[inner, value]]).flatMap((each) => this.targets(each, reference)))
      return resources.filter((each) => keys.has(`${type}/${each.id}`))
    }
    const dot = name.indexOf('.')
    if (dot > 0) {
      const [code = '', only] = name.slice(0, dot).split(':')
      return resources.filter((each) =>
        this.targets(each, code).some((key) => {
          const target = this.at(key)
          if (!target || (only && target.resourceType !== only)) return false
          return this.#meeting([target], target.resourceType, name.slice(dot + 1), value).length > 0
        }),
      )
    }
    return resources.filter((each) => meets(each, name, value))
  }

  /** Type/id of what a parameter leads to. */
  targets(resource: Resource, code: string): string[] {
    return valuesOf(resource, code).flatMap((each) => targetOf(each) ?? [])
  }
}

function alternatives(text: string): string[] {
  return text.split(/(?<!\\),/).map((each) => each.replaceAll(/\\([,$|\\])/g, '$1'))
}

function meets(resource: Resource, name: string, text: string): boolean {
  const [code = '', modifier] = name.split(':')
  const definition = definitionOf(resource.resourceType, code)
  if (!definition) return false
  if (modifier === 'missing') return (valuesOf(resource, code).length === 0) === (text === 'true')
  const isMet = alternatives(text).some((asked) => meetsOne(resource, definition, modifier, asked))
  return modifier === 'not' ? !isMet : isMet
}

function meetsOne(resource: Resource, definition: Definition, modifier: string | undefined, asked: string): boolean {
  if (definition.code === '_id') return resource.id === asked
  if (definition.type === 'composite') return meetsComposite(resource, definition, asked)
  return valuesOf(resource, definition.code).some((value) => meetsValue(definition.type, modifier, asked, value))
}

function meetsValue(type: string, modifier: string | undefined, asked: string, value: Found): boolean {
  switch (type) {
    case 'string':
      return meetsString(modifier, asked, value)
    case 'token':
      return meetsToken(modifier === 'not' ? undefined : modifier, asked, value)
    case 'uri':
      return meetsUri(modifier, asked, value)
    case 'reference':
      return meetsReference(modifier, asked, value)
    case 'date': {
      const [, prefix = 'eq', date = ''] = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)?(.*)$/.exec(asked) ?? []
      const time = timeOf(value.type, value.value)
      return time !== undefined && meetsTime(prefix, rangeOf(date), time)
    }
    default:
      return meetsNumber(asked, value.type, value.value)
  }
}

/** All parts are met by one element. */
function meetsComposite(resource: Resource, { expression = '', component = [] }: Definition, asked: string): boolean {
  const parts = asked.split('$')
  return expression.split('|').some((alternative) => {
    const path = alternative.trim()
    const isResource = path === resource.resourceType
    const elements = isResource ? [resource] : found(path, resource, resource).map(({ value }) => value as object)
    return elements.some((element) =>
      component.every((part, at) => {
        const type = definitionAt(part.definition)?.type ?? ''
        const values = found(part.expression, element, resource, isResource ? undefined : path)
        return values.some((value) => meetsValue(type, undefined, parts[at] ?? '', value))
      }),
    )
  })
}

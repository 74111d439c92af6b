import { Problem } from '#lib'
import { compartmentTable } from '../definitions/tables.ts'
import type { Condition, Include, Query, SortKey } from './query.ts'
import { readCondition } from './reading/conditions.ts'
import * as control from './reading/controls.ts'
import { readIncludes } from './reading/includes.ts'
import type { Reading, SearchTerminology } from './reading/place.ts'
import { UnknownParameter } from './reading/unknown-parameter.ts'
import { searchParametersOf } from './registry.ts'

export interface SearchRequest {
  /** The type of the path; for a search across types all that are offered (`_type` narrows them). */
  readonly types: readonly string[]
  /** Decoded, in order, of the URL and of a form posted with it. */
  readonly parameters: readonly (readonly [name: string, value: string])[]
  readonly handling: 'strict' | 'lenient'
  /** IANA time zone of the practice: of dates that name none. */
  readonly zone: string
  /** FHIR base URLs of the practice: references under them are ours. */
  readonly bases: readonly string[]
  /** `Patient/1/Observation`. */
  readonly compartment?: { readonly type: string; readonly id: string }
  readonly defaultCount: number
  readonly maximumCount: number
  readonly terminology?: SearchTerminology
}

/** https://hl7.org/fhir/R4/search.html */
export function parseSearch(request: SearchRequest): Query {
  refuseRepeated(request.parameters)
  const types = typesOf(request)
  const draft = new Draft(request, types)
  for (const [name, value] of request.parameters) draft.add(name, value)
  return draft.query()
}

/** The constraint of a granular scope, such as `category=http://…|laboratory&status=final`: all of it holds. */
export function parseConstraint(type: string, text: string): Condition[] {
  const limits = { spend: budget(), known: new Map<string, boolean>() }
  return [...new URLSearchParams(text)].map(([name, value]) => {
    const reading = { asked: name, zone: 'UTC', bases: [], ...limits }
    return readCondition({ type, name, value, hops: 0, reading })
  })
}

/** The query while its parameters are being read. */
class Draft {
  readonly #request: SearchRequest
  readonly #types: readonly string[]
  readonly #reading: Omit<Reading, 'asked'>
  readonly #conditions: Map<string, Condition[]>
  readonly #used: (readonly [string, string])[] = []
  readonly #ignored: Query['ignored'][number][] = []
  readonly #includes: Include[] = []
  #sort: readonly SortKey[] = []
  #elements: readonly string[] = []
  #summary: Query['summary'] = 'false'
  #total: Query['total'] = 'none'
  #count: number

  constructor(request: SearchRequest, types: readonly string[]) {
    const { zone, bases, terminology } = request
    this.#request = request
    this.#types = types
    this.#reading = { zone, bases, ...(terminology && { terminology }), spend: budget(), known: new Map() }
    this.#conditions = new Map(types.map((type) => [type, compartmentConditions(request, type)]))
    this.#count = Math.min(request.defaultCount, request.maximumCount)
  }

  /** A parameter that is not known is refused, or left out where the client asked for that. */
  add(name: string, value: string) {
    try {
      this.#used.push([name, this.#read(name, value)])
    } catch (problem) {
      if (!(problem instanceof UnknownParameter) || this.#request.handling === 'strict') throw problem
      this.#ignored.push({ name, sentence: problem.message })
    }
  }

  /** Takes the parameter in and answers its value as the self link says it. */
  #read(name: string, value: string): string {
    if (!control.controls.has(name)) this.#addConditions(name, value)
    else if (value === '') refuseEmpty(name)
    else if (name === '_count') return this.#readCount(value)
    else if (name === '_sort') this.#sort = control.readSort(value, this.#types)
    else if (name === '_total') this.#total = control.readTotal(value)
    else if (name === '_summary') this.#summary = control.readSummary(value)
    else if (name === '_elements') this.#elements = control.readElements(value, this.#types)
    else if (name === '_contained') control.readContained(value)
    else if (control.controls.get(name) === 'often') this.#includes.push(...readIncludes(name, value, this.#types))
    return value
  }

  #readCount(value: string) {
    this.#count = control.readCount(value, this.#request.maximumCount)
    return String(this.#count)
  }

  #addConditions(name: string, value: string) {
    const reading = { ...this.#reading, asked: name }
    const read = this.#types.map((type) => [type, readCondition({ type, name, value, hops: 0, reading })] as const)
    for (const [type, condition] of read) this.#conditions.get(type)?.push(condition)
  }

  query(): Query {
    return {
      types: this.#types,
      conditions: this.#conditions,
      sort: this.#sort,
      count: this.#count,
      total: this.#total,
      includes: distinct(this.#includes),
      // A page of none is a count: https://hl7.org/fhir/R4/search.html#count
      summary: this.#count === 0 ? 'count' : this.#summary,
      elements: this.#elements,
      used: this.#used,
      ignored: this.#ignored,
    }
  }
}

/** Each include once: `*` stands for more than a hundred, and may be asked often. */
function distinct(includes: readonly Include[]): readonly Include[] {
  const keyed = includes.map((include) => {
    const { reverse, type, parameter, onlyTarget, iterate } = include
    return [[reverse, type, parameter?.code, onlyTarget, iterate].join(' '), include] as const
  })
  return [...new Map(keyed).values()]
}

function refuseEmpty(name: string): never {
  throw new Problem('incorrect', `Cannot search with "${name}": it has no value`, { expression: name })
}

function refuseRepeated(parameters: SearchRequest['parameters']) {
  const seen = new Set<string>()
  for (const [name] of parameters) {
    if (control.controls.get(name) === 'once' && seen.has(name)) {
      throw new Problem('incorrect', `Cannot search with "${name}" twice: it has one value`, { expression: name })
    }
    seen.add(name)
  }
}

function typesOf({ types, parameters, compartment }: SearchRequest): readonly string[] {
  const [, named] = parameters.find(([name]) => name === '_type') ?? []
  const wanted = named === undefined ? types : control.readTypes(named, types)
  if (!compartment) return wanted
  const members = compartmentTable()[compartment.type]
  if (!members) throw new Problem('not-found', `${compartment.type} is not a compartment`)
  const inside = wanted.filter((type) => type in members)
  if (inside.length > 0) return inside
  throw new Problem('incorrect', `${wanted.join(', ')} is not part of the ${compartment.type} compartment`)
}

/** https://hl7.org/fhir/R4/compartmentdefinition.html */
function compartmentConditions({ compartment }: SearchRequest, searched: string): Condition[] {
  if (!compartment) return []
  const { type, id } = compartment
  const codes = new Set(compartmentTable()[type]?.[searched] ?? [])
  if (searched === type) codes.add('_id') // a resource is in its own compartment
  const known = searchParametersOf(searched)
  const parameters = [...codes].map((code) => known.get(code)).filter((parameter) => parameter !== undefined)
  return [{ kind: 'compartment', type, id, parameters }]
}

/** A chain over references to any type branches into each; this many conditions are enough for one request. */
function budget() {
  let left = 2000
  return () => {
    if (left-- <= 0) {
      throw new Problem(
        'too-costly',
        'Cannot search so broadly: name the types of chained references, as in "subject:Patient.name"',
      )
    }
  }
}

/**
 * The search parameters of each resource type, compiled when the type is first asked for.
 * https://hl7.org/fhir/R4/searchparameter-registry.html
 */
import { createHash } from 'node:crypto'
import type { ElementType } from '../definitions/elements.ts'
import { ownSearchParameters } from '../definitions/own-search-parameters.ts'
import { elementTable, type ParameterEntry, searchParameterTable } from '../definitions/tables.ts'
import { isResourceType, resourceTypes } from '../model/resource-types.ts'
import type { CompositePart, SearchParameter, SearchType, Source } from './query.ts'
import { contextSource, type FoundSource, partSource, sourcesFor } from './sources.ts'

/** A source with the types of the parameters that look at it: what the index has to hold of its values. */
export interface PlannedSource {
  readonly source: Source
  readonly kinds: ReadonlySet<SearchType>
}

interface TypeRegistry {
  readonly parameters: ReadonlyMap<string, SearchParameter>
  readonly plan: readonly PlannedSource[]
  readonly composites: readonly SearchParameter[]
  readonly fingerprint: string
}

const registries = new Map<string, TypeRegistry>()

/** By code; includes `_id`, `_lastUpdated` and the like. Empty for what is not a resource type. */
export function searchParametersOf(type: string): ReadonlyMap<string, SearchParameter> {
  return registryOf(type).parameters
}

/** Every distinct source of a type with what its index holds; `_id` and `_lastUpdated` are columns and not among them. */
export function indexPlan(type: string): readonly PlannedSource[] {
  return registryOf(type).plan
}

export function compositesOf(type: string): readonly SearchParameter[] {
  return registryOf(type).composites
}

/** Changes when a parameter, a path or the algorithm of the index changes: the type has to be re-indexed then. */
export function fingerprint(type: string): string {
  return registryOf(type).fingerprint
}

function registryOf(type: string): TypeRegistry {
  let registry = registries.get(type)
  if (!registry) {
    registry = buildRegistry(type)
    registries.set(type, registry)
  }
  return registry
}

/** Own parameters are entries of the table; their URL is one. */
function allEntries(): readonly ParameterEntry[] {
  return [...searchParameterTable().parameters, ...ownSearchParameters.map((own) => ({ ...own, url: [own.url] }))]
}

const entriesByType = new Map<string, ParameterEntry[]>()

function entriesOf(type: string): readonly ParameterEntry[] {
  if (entriesByType.size === 0) {
    for (const entry of allEntries()) {
      for (const base of entry.base) {
        const entries = entriesByType.get(base)
        if (entries) entries.push(entry)
        else entriesByType.set(base, [entry])
      }
    }
  }
  if (!isResourceType(type)) return []
  return [...(entriesByType.get('Resource') ?? []), ...(entriesByType.get(type) ?? [])]
}

function buildRegistry(type: string): TypeRegistry {
  const entries = entriesOf(type)
  const sources = sourcesFor(type)
  const parameters = new Map<string, SearchParameter>()
  for (const entry of entries)
    if (!entry.component) parameters.set(entry.code, plainParameter(type, entry, sources.of(entry.expression)))
  const byUrl = new Map([...parameters.values()].map((parameter) => [parameter.url, parameter]))
  for (const entry of entries) if (entry.component) parameters.set(entry.code, composite(type, entry, byUrl))
  const sorted = [...parameters.values()].sort((a, b) => (a.code < b.code ? -1 : 1))
  const composites = sorted.filter((parameter) => parameter.type === 'composite')
  return {
    parameters: new Map(sorted.map((parameter) => [parameter.code, parameter])),
    plan: planOf(sorted),
    composites,
    fingerprint: fingerprintOf(sorted),
  }
}

function plainParameter(type: string, entry: ParameterEntry, uses: readonly FoundSource[]): SearchParameter {
  const endings = uses.flatMap((use) => use.endings)
  return {
    code: entry.code,
    url: entry.url[0] ?? '',
    type: entry.type as SearchType,
    base: type,
    sources: uses.map(({ source, onlyTarget }) => ({ source, ...(onlyTarget && { onlyTarget }) })),
    targets: entry.type === 'reference' ? targetsOf(entry, uses) : [],
    components: [],
    description: uses.map(({ source, onlyTarget }) => source.path + (onlyTarget ? ` (${onlyTarget})` : '')).join(', '),
    ...(entry.type === 'token' && codesOf(endings)),
  }
}

/** Narrowest of what the filter, the elements and the parameter say; every type when they leave it open. */
function targetsOf(entry: ParameterEntry, uses: readonly FoundSource[]): readonly string[] {
  const targets = new Set<string>()
  for (const { onlyTarget, endings } of uses) {
    for (const ending of onlyTarget ? [{ name: 'Reference', targets: [onlyTarget] }] : endings) {
      if (ending.name !== 'Reference' && ending.name !== 'canonical' && ending.name !== 'Resource') continue
      for (const target of ending.targets ?? entry.target ?? resourceTypes) targets.add(target)
    }
  }
  return [...targets].sort()
}

const specialValues = {
  codeSystem: 'http://terminology.hl7.org/CodeSystem/special-values',
  codes: new Set(['true', 'false']),
}

/** What the required bindings admit, if each ending has one. */
function codesOf(endings: readonly ElementType[]): Pick<SearchParameter, 'codes' | 'codeSystem'> {
  if (endings.length > 0 && endings.every(({ name }) => name === 'boolean')) return specialValues
  const sets = endings.map(({ binding }) => (binding ? elementTable().valueSets[binding] : undefined))
  if (sets.length === 0) return {}
  const systems = new Set(sets.map((set) => set?.system))
  const [system] = systems
  const areCodes = endings.every(({ name }) => name === 'code')
  return {
    ...(areCodes && systems.size === 1 && system && { codeSystem: system }),
    ...(sets.every((set) => set !== undefined) && { codes: new Set(sets.flatMap((set) => set?.codes ?? [])) }),
  }
}

function composite(type: string, entry: ParameterEntry, byUrl: ReadonlyMap<string, SearchParameter>): SearchParameter {
  const components = entry.component ?? []
  const seesResource = components.some(({ expression }) => expression.includes('%resource'))
  const context = contextSource(type, entry.expression, seesResource)
  const parts = components.map((component): CompositePart => {
    const found = partSource(type, entry.expression, component.expression)
    const parameter = byUrl.get(component.definition)
    if (!found || !parameter)
      throw new TypeError(`${entry.code} of ${type} has a part that cannot be read: ${component.definition}`)
    const { codeSystem } = codesOf(found.endings)
    return {
      type: partType(parameter.type, found.endings),
      source: found.source,
      ...(!context && { parameter }),
      ...(codeSystem && { codeSystem }),
    }
  })
  return {
    code: entry.code,
    url: entry.url[0] ?? '',
    type: 'composite',
    base: type,
    sources: [],
    targets: [],
    components: parts,
    ...(context && { context }),
    description: `${context?.path ?? type}: ${parts.map(({ source }) => source.path).join(' $ ')}`,
  }
}

/** DocumentReference.relationship is published with its two definitions exchanged: the elements are right. */
function partType(published: SearchType, endings: readonly ElementType[]): SearchType {
  if (published === 'reference' && endings.every(({ name }) => name === 'code')) return 'token'
  return published === 'token' && endings.every(({ name }) => name === 'Reference') ? 'reference' : published
}

const columns = new Set(['_id', '_lastUpdated'])

function planOf(parameters: readonly SearchParameter[]): readonly PlannedSource[] {
  const plan = new Map<Source, Set<SearchType>>()
  for (const parameter of parameters) {
    if (columns.has(parameter.code)) continue
    for (const { source } of parameter.sources) {
      const kinds = plan.get(source) ?? new Set()
      plan.set(source, kinds.add(parameter.type))
    }
  }
  return [...plan].map(([source, kinds]) => ({ source, kinds }))
}

function fingerprintOf(parameters: readonly SearchParameter[]): string {
  const hash = createHash('sha256')
  for (const { code, type, sources, components, context } of parameters) {
    const uses = sources.map(({ source, onlyTarget }) => `${source.key}/${onlyTarget ?? ''}`)
    const parts = components.map((part) => `${part.type}/${part.source.key}`)
    hash.update(`${code}|${type}|${uses}|${context?.key ?? ''}|${parts}\n`)
  }
  return hash.digest('base64url').slice(0, 16)
}

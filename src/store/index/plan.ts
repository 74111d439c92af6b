/** What is indexed for each type: made from the registry of search parameters, once. */
import {
  type CompositePart,
  compositesOf,
  type PlannedSource as FoundSource,
  indexPlan,
  type SearchParameter,
  type Source,
  searchParametersOf,
} from '#fhir'
import { valueAt } from '#lib'
import { mainDates, orderedTokens } from '../main-dates.ts'

export interface PlannedSource extends FoundSource {
  readonly isOrdered: boolean
  /** The main date goes into columns of its own. */
  readonly isMainDate: boolean
}

/** A composite whose parts belong together inside one element: `component-code-value-quantity`. */
export interface PlannedComposite {
  readonly context: Source
  readonly parts: SearchParameter['components']
  /** What the resource itself gives is found by its own parts (`partsOfResource`), so it is not paired. */
  readonly areElementsOnly: boolean
}

export interface IndexPlan {
  readonly sources: readonly PlannedSource[]
  readonly composites: readonly PlannedComposite[]
  /** Place of a source in `resource.present`, by `placeKey`. */
  readonly places: ReadonlyMap<string, number>
  /** Where a parameter counts references to one type only (`patient` of Observation.subject), told apart from the rest. */
  readonly confined: ReadonlyMap<Source, readonly { readonly onlyTarget: string; readonly place: number }[]>
}

export function placeKey(source: number, onlyTarget?: string): string {
  return onlyTarget === undefined ? String(source) : `${source} ${onlyTarget}`
}

const plans = new Map<string, IndexPlan>()

export function planOf(type: string): IndexPlan {
  return valueAt(plans, type, () => makePlan(type))
}

function makePlan(type: string): IndexPlan {
  const parameters = searchParametersOf(type)
  const ordered = sourceKeys(parameters, orderedTokens[type] ?? [])
  const main = sourceKeys(parameters, mainDates[type] === undefined ? [] : [mainDates[type]])
  const sources = indexPlan(type)
    .toSorted((one, other) => one.source.key - other.source.key)
    .map(({ source, kinds }) => ({
      source,
      kinds,
      isOrdered: ordered.has(source.key),
      isMainDate: main.has(source.key),
    }))
  return {
    sources,
    composites: plannedComposites(type),
    ...placesOf(
      sources.map(({ source }) => source),
      parameters,
    ),
  }
}

/** Several parameters may ask for the same parts of the same element. */
function plannedComposites(type: string): PlannedComposite[] {
  const composites = new Map<string, PlannedComposite>()
  for (const { context, components: parts } of compositesOf(type)) {
    if (!context) continue
    const areElementsOnly = partsOfResource(type, context, parts) !== undefined
    composites.set(`${context.key} ${parts.map(({ source }) => source.key)}`, { context, parts, areElementsOnly })
  }
  return [...composites.values()]
}

/**
 * Where a composite looks at the resource itself besides its elements (`combo-code-value-quantity`): its parts by the
 * sources that the resource is indexed with anyway; undefined where it does not, or where a part has no such source.
 */
export function partsOfResource(
  type: string,
  context: Source,
  parts: readonly CompositePart[],
): readonly CompositePart[] | undefined {
  if (!contextPaths(context).includes(type)) return undefined
  const own = parts.flatMap((part) => sourcesBelow(type, [type], part).map((source) => ({ ...part, source })))
  return own.length === parts.length ? own : undefined
}

/** The sources by which a part of a composite is indexed as a parameter of its own, in every kind of element of the context. */
export function sourcesOfPart(type: string, context: Source, part: CompositePart): readonly Source[] | undefined {
  const paths = contextPaths(context)
  const sources = sourcesBelow(type, paths, part)
  return sources.length === paths.length ? sources : undefined
}

function contextPaths(context: Source): string[] {
  return context.path.split(' | ')
}

function sourcesBelow(type: string, paths: readonly string[], part: CompositePart): Source[] {
  const wanted = paths.map((path) => `${path}.${part.source.path}`)
  return indexPlan(type)
    .filter(({ source, kinds }) => wanted.includes(source.path) && kinds.has(part.type))
    .map(({ source }) => source)
}

function placesOf(sources: readonly Source[], parameters: ReadonlyMap<string, SearchParameter>) {
  const places = new Map(sources.map((source, place) => [placeKey(source.key), place]))
  const confined = new Map<Source, { onlyTarget: string; place: number }[]>()
  const uses = [...parameters.values()].flatMap((parameter) => parameter.sources)
  for (const { source, onlyTarget } of uses) {
    if (onlyTarget === undefined || places.has(placeKey(source.key, onlyTarget))) continue
    const place = places.size
    places.set(placeKey(source.key, onlyTarget), place)
    confined.set(source, [...(confined.get(source) ?? []), { onlyTarget, place }])
  }
  return { places, confined }
}

/** Keys of the sources of these parameters. */
function sourceKeys(parameters: ReadonlyMap<string, SearchParameter>, codes: readonly string[]): Set<number> {
  return new Set(codes.flatMap((code) => parameters.get(code)?.sources.map(({ source }) => source.key) ?? []))
}

/** What is indexed for each type: made from the registry of search parameters, once. */
import { type SearchParameter, type SearchType, type Source, searchParametersOf } from '#fhir'
import { valueAt } from '#lib'
import { mainDates, orderedTokens } from '../main-dates.ts'

export interface PlannedSource {
  readonly source: Source
  readonly kinds: ReadonlySet<SearchType>
  readonly isOrdered: boolean
  /** The main date goes into columns of its own. */
  readonly isMainDate: boolean
}

/** A composite whose parts belong together inside one element: `component-code-value-quantity`. */
export interface PlannedComposite {
  readonly context: Source
  readonly parts: SearchParameter['components']
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
  const sources = new Map<number, { source: Source; kinds: Set<SearchType> }>()
  const composites = new Map<string, PlannedComposite>()
  for (const parameter of parameters.values()) {
    if (parameter.type === 'composite') {
      const { context, components } = parameter
      if (context)
        composites.set(`${context.key} ${components.map(({ source }) => source.key)}`, { context, parts: components })
    }
    for (const { source } of parameter.type === 'composite' ? [] : parameter.sources) {
      const known = sources.get(source.key)
      if (known) known.kinds.add(parameter.type)
      else sources.set(source.key, { source, kinds: new Set([parameter.type]) })
    }
  }
  const ordered = sourceKeys(parameters, orderedTokens[type] ?? [])
  const main = sourceKeys(parameters, mainDates[type] === undefined ? [] : [mainDates[type]])
  const sorted = [...sources.values()].sort((one, other) => one.source.key - other.source.key)
  return {
    sources: sorted.map(({ source, kinds }) => ({
      source,
      kinds,
      isOrdered: ordered.has(source.key),
      isMainDate: main.has(source.key),
    })),
    composites: [...composites.values()],
    ...placesOf(
      sorted.map(({ source }) => source),
      parameters,
    ),
  }
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
export function sourceKeys(parameters: ReadonlyMap<string, SearchParameter>, codes: readonly string[]): Set<number> {
  return new Set(codes.flatMap((code) => parameters.get(code)?.sources.map(({ source }) => source.key) ?? []))
}

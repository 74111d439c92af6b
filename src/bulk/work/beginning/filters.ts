import { type Condition, parseSearch, terminology } from '#fhir'
import type { IndexScope } from '#store'
import type { ExportRequest } from '../../export.ts'

/** By type the searches of which one has to match, each with its conditions. */
export type Filters = ReadonlyMap<string, readonly (readonly Condition[])[]>

/** Reads `_typeFilter`; throws Problem 'incorrect' for what is no search. */
export function filtersOf({ filters }: Pick<ExportRequest, 'filters'>, { zone, bases }: IndexScope): Filters {
  return new Map(
    Object.entries(filters).map(([type, queries]) => [
      type,
      queries.map((query) => conditionsOf(type, query, { zone, bases })),
    ]),
  )
}

function conditionsOf(type: string, query: string, scope: Pick<IndexScope, 'zone' | 'bases'>): readonly Condition[] {
  const parameters = [...new URLSearchParams(query)]
  const read = parseSearch({
    types: [type],
    parameters,
    handling: 'strict',
    ...scope,
    terminology: terminology(),
    defaultCount: 1,
    maximumCount: 1,
  })
  return read.conditions.get(type) ?? []
}

import type { Route } from '#http'
import { Problem } from '#lib'

export interface FoundRoute {
  readonly route: Route
  /** The parts of the path that the route names with a colon. */
  readonly path: Readonly<Record<string, string>>
}

export type FindRoute = (method: string, path: string) => FoundRoute

/** Finds routes as the server does, for requests within a request: where both fit, letters come before a name. */
export function findRoute(routes: readonly Route[]): FindRoute {
  const places = [...Map.groupBy(routes, ({ path }) => path)]
    .map(([path, offered]) => ({ parts: partsOf(path), offered }))
    .sort((one, other) => compare(one.parts, other.parts))
  return (method, path) => {
    const given = partsOf(path).map(decoded)
    const place = places.find(({ parts }) => fits(parts, given))
    if (!place) throw new Problem('not-found', `The address is not known: nothing answers to ${method} there`)
    const route = place.offered.find((one) => one.method === (method === 'HEAD' ? 'GET' : method))
    if (route) return { route, path: named(place.parts, given) }
    const offered = place.offered.map((one) => one.method).join(', ')
    throw new Problem('not-allowed', `${method} is not offered at this address: it answers to ${offered}`)
  }
}

function partsOf(path: string): readonly string[] {
  return path.split('/').filter((part) => part !== '')
}

/** By the first part in which one has letters and the other a name. */
function compare(one: readonly string[], other: readonly string[]): number {
  const differences = one.map((part, index) => Number(isName(part)) - Number(isName(other[index] ?? '')))
  return differences.find((difference) => difference !== 0) ?? 0
}

function fits(parts: readonly string[], given: readonly string[]): boolean {
  return parts.length === given.length && parts.every((part, index) => isName(part) || part === given[index])
}

function named(parts: readonly string[], given: readonly string[]): Record<string, string> {
  return Object.fromEntries(parts.flatMap((part, index) => (isName(part) ? [[part.slice(1), given[index] ?? '']] : [])))
}

function isName(part: string): boolean {
  return part.startsWith(':')
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch (cause) {
    const sentence = 'The address cannot be read: "%" is not followed by the hexadecimal code of UTF-8 text'
    throw new Problem('incorrect', sentence, { cause })
  }
}

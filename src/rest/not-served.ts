import type { Route } from '#http'
import { Problem } from '#lib'

/** Interactions of FHIR that are known and not served: 501 rather than 404. */
// biome-ignore format: a table
export const notServed: readonly Route[] = [
  { method: 'GET', path: '/_history',                   interaction: 'not-served', answer: refuse('The history of all resources') },
  { method: 'GET', path: '/:type/_history',             interaction: 'not-served', answer: refuse('The history of a type') },
  { method: 'GET', path: '/:type/:id/_history',         interaction: 'not-served', answer: refuse('The history of a resource') },
  { method: 'GET', path: '/:type/:id/_history/:version', interaction: 'not-served', answer: refuse('Reading an earlier version') },
]

function refuse(what: string) {
  return () => {
    throw new Problem('unsupported', `${what} is not served yet`)
  }
}

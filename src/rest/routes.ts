import type { Route } from '#http'
import { capabilities } from './capabilities.ts'
import { read } from './interactions/read.ts'
import { placeInCompartment, placeOfType, search } from './interactions/search.ts'
import { notServed } from './not-served.ts'
import { operations } from './operations/index.ts'
import { operationRoutes } from './operations/operation-routes.ts'
import type { RestOptions } from './options.ts'

/** Every route of the FHIR API below a base; the CapabilityStatement is made from the same list. */
export function restRoutes(options: RestOptions): readonly Route[] {
  const searchAll = search(options, () => ({}))
  const searchType = search(options, placeOfType)
  const searchCompartment = search(options, placeInCompartment)
  // biome-ignore format: a table
  const routes: readonly Route[] = [
    { method: 'GET',  path: '/metadata',                  interaction: 'capabilities', isOpen: true, answer: capabilities(() => routes) },
    { method: 'GET',  path: '/',                          interaction: 'search-system', answer: searchAll },
    { method: 'POST', path: '/_search',                   interaction: 'search-system', answer: searchAll },
    { method: 'GET',  path: '/:type',                     interaction: 'search-type',   answer: searchType },
    { method: 'POST', path: '/:type/_search',             interaction: 'search-type',   answer: searchType },
    { method: 'GET',  path: '/:type/:id',                 interaction: 'read',          answer: read(options) },
    { method: 'GET',  path: '/:type/:id/:target',         interaction: 'search-compartment', answer: searchCompartment },
    { method: 'POST', path: '/:type/:id/:target/_search', interaction: 'search-compartment', answer: searchCompartment },
    ...operationRoutes(options, operations),
    ...notServed,
  ]
  return routes
}

import type { Route } from '#http'
import { postBundle } from './bundles/post-bundle.ts'
import { capabilities } from './capabilities.ts'
import { create } from './interactions/create.ts'
import { deleteById, deleteWhere } from './interactions/delete.ts'
import { history, placeOfResource } from './interactions/history.ts'
import { patch, patchWhere } from './interactions/patch.ts'
import { read } from './interactions/read.ts'
import { placeInCompartment, placeOfType, search } from './interactions/search.ts'
import { update, updateWhere } from './interactions/update.ts'
import { vread } from './interactions/vread.ts'
import { operations as ownOperations } from './operations/index.ts'
import type { Operation } from './operations/operation.ts'
import { operationRoutes } from './operations/operation-routes.ts'
import type { RestOptions } from './options.ts'

/** What another module adds to the FHIR API. */
export interface Beside {
  readonly operations: readonly Operation[]
  /** Canonicals of what the API is an instance of by that. */
  readonly instantiates: readonly string[]
  /** What the CapabilityStatement says of a type beside what is said of all. */
  readonly extensionsOf?: (type: string) => readonly object[]
}

/** Every route of the FHIR API below a base; the CapabilityStatement is made from the same list. */
export function restRoutes(options: RestOptions, beside: Beside = alone): readonly Route[] {
  const operations = [...ownOperations, ...beside.operations]
  const { instantiates, extensionsOf = () => [] } = beside
  const stated = { routes: () => routes, operations, instantiates, extensionsOf }
  const searchAll = search(options, () => ({}))
  const searchType = search(options, placeOfType)
  const searchCompartment = search(options, placeInCompartment)
  // biome-ignore format: a table
  const routes: readonly Route[] = [
    { method: 'GET',  path: '/metadata',                  interaction: 'capabilities', isOpen: true, answer: capabilities(stated, options.oauthUris) },
    { method: 'GET',  path: '/',                          interaction: 'search-system', answer: searchAll },
    { method: 'POST', path: '/',                          interaction: 'batch',         answer: postBundle(options, () => routes) },
    { method: 'POST', path: '/_search',                   interaction: 'search-system', answer: searchAll },
    { method: 'GET',  path: '/:type',                     interaction: 'search-type',   answer: searchType },
    { method: 'POST', path: '/:type/_search',             interaction: 'search-type',   answer: searchType },
    { method: 'GET',  path: '/:type/:id',                 interaction: 'read',          servesContent: true, answer: read(options, operations) },
    { method: 'GET',  path: '/:type/:id/_history/:version', interaction: 'vread',       servesContent: true, answer: vread(options) },
    { method: 'GET',  path: '/:type/:id/_history',        interaction: 'history-instance', answer: history(options, placeOfResource) },
    { method: 'GET',  path: '/:type/_history',            interaction: 'history-type',  answer: history(options, placeOfType) },
    { method: 'GET',  path: '/_history',                  interaction: 'history-system', answer: history(options, () => ({})) },
    { method: 'GET',  path: '/:type/:id/:target',         interaction: 'search-compartment', answer: searchCompartment },
    { method: 'POST', path: '/:type/:id/:target/_search', interaction: 'search-compartment', answer: searchCompartment },
    { method: 'POST',   path: '/:type',                   interaction: 'create', takesContent: true, answer: create(options) },
    { method: 'PUT',    path: '/:type/:id',               interaction: 'update', takesContent: true, answer: update(options) },
    { method: 'PUT',    path: '/:type',                   interaction: 'update', answer: updateWhere(options) },
    { method: 'PATCH',  path: '/:type/:id',               interaction: 'patch', answer: patch(options) },
    { method: 'PATCH',  path: '/:type',                   interaction: 'patch', answer: patchWhere(options) },
    { method: 'DELETE', path: '/:type/:id',               interaction: 'delete', answer: deleteById(options) },
    { method: 'DELETE', path: '/:type',                   interaction: 'delete', answer: deleteWhere(options) },
    ...operationRoutes(options, operations),
  ]
  return routes
}

const alone: Beside = { operations: [], instantiates: [] }

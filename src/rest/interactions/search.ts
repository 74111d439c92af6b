import type { See } from '#access'
import { compartmentTable, isId, type Query } from '#fhir'
import type { Answer, Call, Parameters } from '#http'
import { Problem } from '#lib'
import type { Page } from '#store'
import type { RestOptions } from '../options.ts'
import { pageStart } from '../pages/page-start.ts'
import { pagingLinks } from '../pages/paging-links.ts'
import { searchset } from '../pages/searchset.ts'
import { offeredTypes, resourceTypeAt } from '../resource-type.ts'
import { shapeOf } from './elements.ts'
import { refuseCostly } from './search-limits.ts'
import { searchNotes } from './search-notes.ts'
import { maySearch, searching, toldAsRefusal } from './searching.ts'
import { understand } from './understand.ts'

/** Where a search looks: one type, several (`types` undefined until `_type` says which), within a compartment or not. */
export interface Place {
  readonly type?: string
  readonly compartment?: { readonly type: string; readonly id: string }
}

/** https://hl7.org/fhir/R4/http.html#search */
export function search(options: RestOptions, placeOf: (call: Call) => Place) {
  return async (call: Call): Promise<Answer> => {
    refuseBody(call)
    refuseCostly(call.parameters)
    const place = placeOf(call)
    const searcher = await searching(options, call)
    const { see } = searcher
    const start = pageStart(options.pagingKey, call, pathOf(place))
    const types = typesOf(call, place, start.asked, see)
    for (const type of types) maySearch(searcher, type)
    const query = understand(call, { ...place, types }, start.asked)
    const page = await options.storeOf(call.practice).search(see, query, start.cursor).catch(toldAsRefusal(searcher))
    const used = start.token === undefined ? query.used : start.asked
    const links = pagingLinks(options.pagingKey, call, { path: pathOf(place), used, token: start.token }, page)
    return { body: bundle(call, query, page, links, start.token === undefined) }
  }
}

/** What a client asks in another format would be overlooked, and it would be shown everything. */
function refuseBody({ body }: Call) {
  if (!body) return
  throw new Problem('unsupported-media', 'A search is posted as application/x-www-form-urlencoded, not as JSON')
}

function bundle(call: Call, query: Query, page: Page, links: ReturnType<typeof pagingLinks>, isFirst: boolean): string {
  const isWhole = isFirst && !page.next && query.summary !== 'count'
  return searchset({
    base: call.base,
    links,
    total: page.total ?? (isWhole ? page.matches.length : undefined),
    matches: page.matches,
    included: page.included,
    outcome: searchNotes(query, page),
    shape: shapeOf(query.summary, query.elements),
  })
}

function pathOf({ type, compartment }: Place): string {
  return [compartment?.type, compartment?.id, type ?? (compartment && '*')]
    .filter((part) => part !== undefined)
    .join('/')
}

/** Across types without `_type`: what the practice offers and the principal may search at all. */
function typesOf({ practice }: Call, { type, compartment }: Place, asked: Parameters, see: See): readonly string[] {
  if (type !== undefined) return [type]
  const named = asked.filter(([name]) => name === '_type').flatMap(([, value]) => value.split(','))
  if (named.length > 0) return [...new Set(named.map((name) => typeNamed(practice, name)))]
  const members = compartment && compartmentTable()[compartment.type]
  const visible = offeredTypes(practice).filter((offered) => (!members || offered in members) && see(offered))
  if (visible.length > 0) return visible
  throw new Problem('forbidden', 'Cannot search across types: the access token allows to search none')
}

function typeNamed(practice: Call['practice'], name: string): string {
  try {
    return resourceTypeAt(practice, name)
  } catch (cause) {
    throw new Problem('incorrect', `Cannot search by "_type": ${(cause as Problem).message}`, {
      expression: '_type',
      cause,
    })
  }
}

export function placeOfType({ practice, path }: Call): Place {
  return { type: resourceTypeAt(practice, path.type ?? '') }
}

/** https://hl7.org/fhir/R4/http.html#vsearch: `Patient/1/Observation`, `Patient/1/*` */
export function placeInCompartment({ practice, path }: Call): Place {
  const type = resourceTypeAt(practice, path.type ?? '')
  const id = path.id ?? ''
  const target = path.target ?? ''
  if (target.startsWith('$')) throw new Problem('unsupported', `The operation ${target} is not offered`)
  if (!['Patient', 'Encounter', 'RelatedPerson', 'Practitioner', 'Device'].includes(type)) {
    throw new Problem('not-found', `The address is not known: ${type} is no compartment that can be searched`)
  }
  if (!isId(id)) throw new Problem('incorrect', `"${id}" is not an id: at most 64 letters, digits, "-" and "." are`)
  const compartment = { type, id }
  return target === '*' ? { compartment } : { compartment, type: resourceTypeAt(practice, target) }
}

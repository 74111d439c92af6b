import { type Interaction, refusal, type See, seeAs } from '#access'
import type { Answer, Call } from '#http'
import { Problem } from '#lib'
import type { Store } from '#store'
import type { RestOptions } from '../options.ts'
import { historyBundle } from '../pages/history-bundle.ts'
import { pageStart } from '../pages/page-start.ts'
import { pagingLinks } from '../pages/paging-links.ts'
import { idAt, offeredTypes, onlyOffered, resourceTypeAt } from '../resource-type.ts'
import { historyRange } from './history-range.ts'
import { shapeAsked } from './read.ts'

/** Whose history: of a resource, of a type, or, with neither, of all that may be seen. */
interface Place {
  readonly type?: string
  readonly id?: string
}

/** https://hl7.org/fhir/R4/http.html#history */
export function history(options: RestOptions, placeOf: (call: Call) => Place) {
  return async (call: Call): Promise<Answer> => {
    const { practice, base } = call
    const place = placeOf(call)
    const path = [place.type, place.id, '_history'].filter((part) => part !== undefined).join('/')
    const { asked, cursor, token } = pageStart(options.pagingKey, call, path)
    const range = historyRange(practice, asked)
    const who = await call.principal
    const rules = await options.rulesOf(practice, who)
    const interaction = interactionOf(place)
    const see = onlyOffered(practice, seeAs(who, interaction, rules))
    if (place.type !== undefined && !see(place.type)) throw refusal(who, interaction, place.type, rules)
    const types = typesOf(call, place, see)
    const store = options.storeOf(practice)
    const page = await store.history(see, { ...range, types, ...(place.id !== undefined && { id: place.id }) }, cursor)
    if (page.total === 0) await checkKnown(store, see, place)
    return {
      body: historyBundle({
        base,
        links: pagingLinks(options.pagingKey, call, { path, used: asked, token }, page),
        total: page.total,
        versions: page.versions,
        shape: shapeAsked(asked),
      }),
    }
  }
}

/** SMART's letters: `r` for the history of a resource, `s` for that of a type or of all. */
function interactionOf({ id }: Place): Interaction {
  return id === undefined ? 'search' : 'read'
}

function typesOf({ practice }: Call, { type }: Place, see: See): readonly string[] {
  if (type !== undefined) return [type]
  const visible = offeredTypes(practice).filter((offered) => see(offered))
  if (visible.length > 0) return visible
  throw new Problem('forbidden', 'Cannot show a history across types: the access token allows to search none')
}

/** No version within what was asked: there may be others, or there was never one that may be seen. */
async function checkKnown(store: Store, see: See, { type = '', id = '' }: Place) {
  const { versions } = await store.history(see, { types: [type], id, count: 1 })
  if (versions.length === 0) throw new Problem('not-found', `${type}/${id} is not known`)
}

export function placeOfResource({ practice, path }: Call): Place {
  return { type: resourceTypeAt(practice, path.type ?? ''), id: idAt(path.id ?? '') }
}

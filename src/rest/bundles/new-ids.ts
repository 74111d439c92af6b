import { isId } from '#fhir'
import { type Practice, parameters } from '#http'
import type { Entry } from '#store'
import type { RestOptions } from '../options.ts'
import { criteriaText } from '../writing/match.ts'
import { idForCriteria, newId } from '../writing/new-id.ts'

/**
 * The id of what an entry creates: that of its resource where an update creates it; one that follows from the criteria,
 * at which two who create the same at once meet; else a new one.
 */
export function idsFor({ pagingKey }: RestOptions, { number }: Practice, tries: number): (entry: Entry) => string {
  return ({ resource, method, url, ifNoneExist }) => {
    const given = resource?.parsed.id
    if (method === 'PUT' && isId(given)) return given
    const query = method === 'PUT' ? url : ifNoneExist
    if (query === undefined) return newId()
    const criteria = criteriaText(resource?.type ?? '', parameters(query.slice(query.indexOf('?') + 1)))
    return idForCriteria(pagingKey, number, { criteria, tries })
  }
}

import { isId, parseReference } from '../../model/references.ts'
import { isResourceType } from '../../model/resource-types.ts'
import type { Value } from '../query.ts'
import { unescaped } from './escapes.ts'
import { type Place, type Reading, refuse } from './place.ts'
import { readCoding } from './tokens.ts'

/** https://hl7.org/fhir/R4/search.html#reference: `id`, `Type/id`, `Type/id/_history/1`, or a URL. */
export function readReference(text: string, place: Place, reading: Reading): Value {
  if (place.modifier === 'identifier') return readCoding(text, place)
  const given = unescaped(text)
  if (isId(given)) return withoutType(given, place)
  const found = parseReference(given, reading.bases)
  if (found.kind === 'relative') {
    if (place.onlyTarget && found.type !== place.onlyTarget)
      refuse(place, `"${text}" is not a reference to ${place.onlyTarget}`)
    return { kind: 'reference', type: found.type, id: found.id, ...(found.version && { version: found.version }) }
  }
  if (found.kind === 'urn') return { kind: 'url', url: found.urn }
  if (found.kind === 'url' && /^[a-z][a-z0-9+.-]*:./i.test(found.url)) return { kind: 'url', url: found.url }
  const [, type] = /^([A-Za-z]+)\//.exec(given) ?? []
  if (type && !isResourceType(type)) refuse(place, `"${type}" is not a resource type`)
  return refuse(place, `"${text}" is not a reference: write id, Type/id or a URL`)
}

/** The type is told by the modifier, or by there being only one that it can be. */
function withoutType(id: string, { onlyTarget, targets }: Place): Value {
  const type = onlyTarget ?? (targets.length === 1 ? targets[0] : undefined)
  return { kind: 'reference', id, ...(type && { type }) }
}

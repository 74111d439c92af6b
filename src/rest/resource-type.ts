import type { See } from '#access'
import { isId, isResourceType, resourceTypes } from '#fhir'
import type { Practice } from '#http'
import { Problem } from '#lib'

const byLowerCase = new Map(resourceTypes.map((type) => [type.toLowerCase(), type]))

/** The resource type that a part of a path names, if the practice offers it. */
export function resourceTypeAt(practice: Practice, name: string): string {
  const type = practice.dialect.typeNamesIgnoreCase ? (byLowerCase.get(name.toLowerCase()) ?? name) : name
  if (isResourceType(type) && isOffered(practice, type)) return type
  if (isResourceType(type)) {
    throw new Problem('not-found', `${type} is not offered by this practice`, { issue: 'not-supported' })
  }
  if (name.startsWith('$')) throw new Problem('unsupported', `The operation ${name} is not offered`)
  const inCase = byLowerCase.get(name.toLowerCase())
  const hint = inCase ? `; ${inCase} is` : ''
  throw new Problem('not-found', `"${name}" is not a resource type of FHIR R4${hint}`, { issue: 'not-supported' })
}

/** The id that a part of a path is. */
export function idAt(id: string): string {
  if (id.startsWith('$')) throw new Problem('unsupported', `The operation ${id} is not offered`)
  if (isId(id)) return id
  throw new Problem('incorrect', `"${id}" is not an id: at most 64 letters, digits, "-" and "." are`, {
    issue: 'value',
  })
}

function isOffered(practice: Practice, type: string): boolean {
  return practice.types?.has(type) ?? true
}

/** What a search across types looks through. */
export function offeredTypes(practice: Practice): readonly string[] {
  return practice.types ? resourceTypes.filter((type) => practice.types?.has(type)) : resourceTypes
}

/** A type that the practice does not offer is not come by on the way either, by a chain or an include. */
export function onlyOffered(practice: Practice, see: See): See {
  return practice.types ? (type) => (isOffered(practice, type) ? see(type) : undefined) : see
}

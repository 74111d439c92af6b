import { createHash } from 'node:crypto'
import { isId } from '#fhir'
import type { Entry } from '#store'

/** The id that a resource of the input has itself. */
export function ownId(entry: Entry): string | undefined {
  const id = entry.resource?.parsed.id
  return isId(id) ? id : undefined
}

/**
 * An id that follows from the fullUrl of an entry without one, so that the same Bundle loaded again meets what it made
 * before: a UUID gives itself, another address its hash, none the hash of the content.
 */
export function derivedId(entry: Entry): string {
  const [, uuid] = /^urn:uuid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.exec(entry.fullUrl ?? '') ?? []
  return uuid?.toLowerCase() ?? hashedId(entry.fullUrl ?? entry.resource?.text ?? '')
}

/** 128 bits of SHA-256 in the shape of a UUID of version 8 (RFC 9562 §5.8). */
function hashedId(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

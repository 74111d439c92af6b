import { isUtf8 } from 'node:buffer'
import { isId, isResourceType, readJson } from '#fhir'
import { Problem } from '#lib'
import { type BundleShape, bundleEntries, bundleShape, type Content, type Entry } from '#store'
import { longestBytes, type Text } from './reading/texts.ts'

/** What a text of the input holds. */
export type Parsed =
  | { readonly is: 'resource'; readonly id: string; readonly content: Content }
  | { readonly is: 'bundle'; readonly text: string; readonly shape: BundleShape; readonly entries: readonly Entry[] }
  /** JSON that is no FHIR, such as a package.json. */
  | { readonly is: 'other' }

/** Reads a text; throws Problem when it can't be loaded. */
export function parsed({ bytes }: Text): Parsed {
  if (!(bytes instanceof Buffer)) throw tooLong(bytes.length)
  if (!isUtf8(bytes)) throw new Problem('incorrect', 'Cannot read it: it is not UTF-8')
  const text = bytes.toString().trim()
  return bundleOrResource(text, readJson(text))
}

function bundleOrResource(text: string, json: unknown): Parsed {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new Problem('incorrect', 'Cannot load it: it is not a JSON object')
  }
  const { resourceType: type, id } = json as { resourceType?: unknown; id?: unknown }
  if (type === undefined) return { is: 'other' }
  if (!isResourceType(type))
    throw new Problem('incorrect', `Cannot load it: ${JSON.stringify(type)} is not a resource type`)
  const shape = type === 'Bundle' ? bundleShape(json) : undefined
  if (shape) return { is: 'bundle', text, shape, entries: bundleEntries(text, json) }
  if (id === undefined) throw new Problem('incorrect', `Cannot load the ${type}: it has no id`)
  if (!isId(id)) throw new Problem('incorrect', `Cannot load the ${type}: ${JSON.stringify(id)} is not an id`)
  return { is: 'resource', id, content: { type, text, parsed: json } }
}

function tooLong(length: number): Problem {
  const megabytes = (bytes: number) => `${Math.ceil(bytes / 1024 / 1024)} MB`
  const sentence = `Cannot load ${megabytes(length)} of JSON in one piece: at most ${megabytes(longestBytes)} are read`
  return new Problem('too-large', `${sentence}; split a longer Bundle, or give its resources as NDJSON, one a line`)
}

import { type MemberSpan, memberSpans, memberStart, nextToken, valueEnd } from '#fhir'
import { Problem } from '#lib'

/** An entry of a Bundle, its resource as text and parsed. https://hl7.org/fhir/R4/bundle-definitions.html#Bundle.entry */
export interface Entry {
  readonly index: number
  readonly fullUrl?: string
  readonly resource?: Content
  readonly method: string
  /** `request.url`; for a Bundle that asks for nothing (a collection, a search result) empty. */
  readonly url: string
  readonly ifNoneExist?: string
  readonly ifMatch?: string
  readonly ifNoneMatch?: string
  readonly ifModifiedSince?: string
  /** Its text was stored here before it was patched: but for `urn:…` its references are the server's, not the Bundle's. */
  readonly isPatched?: boolean
}

/** A resource: `parsed` is `text` parsed. */
export interface Content {
  readonly type: string
  readonly text: string
  readonly parsed: { readonly resourceType?: unknown; readonly id?: unknown }
}

export interface BundleShape {
  /** All entries are loaded, or none. */
  readonly isAtomic: boolean
  /** Entries stand from the newest to the oldest, as in a history. */
  readonly isNewestFirst: boolean
}

/** What can be loaded from a Bundle of each type; a document or message is a record by itself and stays whole. */
const shapes: Readonly<Record<string, BundleShape>> = {
  transaction: { isAtomic: true, isNewestFirst: false },
  collection: { isAtomic: true, isNewestFirst: false },
  batch: { isAtomic: false, isNewestFirst: false },
  searchset: { isAtomic: false, isNewestFirst: false },
  history: { isAtomic: false, isNewestFirst: true },
}

/** How a Bundle's entries are loaded; undefined when the Bundle is a resource to be stored whole. */
export function bundleShape(bundle: { readonly type?: unknown }): BundleShape | undefined {
  const { type } = bundle
  if (type === 'document' || type === 'message') return undefined
  const shape = typeof type === 'string' && Object.hasOwn(shapes, type) ? shapes[type] : undefined
  if (shape) return shape
  throw new Problem(
    'incorrect',
    `Cannot load a Bundle of type ${JSON.stringify(type ?? null)}: none of ${Object.keys(shapes).join(', ')}`,
  )
}

/** The entries of a Bundle that was read from `text`. */
export function bundleEntries(text: string, bundle: { readonly entry?: unknown }): Entry[] {
  const given = bundle.entry ?? []
  const array = memberStart(text, 'entry')
  if (!Array.isArray(given)) throw new Problem('incorrect', 'Cannot load the Bundle: its entry is not an array')
  if (!array) return []
  let at = nextToken(text, array.valueStart + 1)
  return given.map((one, index) => {
    const members = text[at] === '{' ? memberSpans(text, at) : []
    const entry = readEntry(text, members, one, index)
    // Each text is looked through once: the end of an entry is that of its last member.
    const last = members.at(-1)
    const end = last ? nextToken(text, last.valueEnd) + 1 : valueEnd(text, at)
    at = nextToken(text, nextToken(text, end) + 1)
    return entry
  })
}

function readEntry(text: string, members: readonly MemberSpan[], given: unknown, index: number): Entry {
  const entry = object(given)
  const request = object(entry.request)
  return {
    index,
    ...(typeof entry.fullUrl === 'string' && { fullUrl: entry.fullUrl }),
    ...(entry.resource !== undefined && { resource: readContent(text, members, object(entry.resource)) }),
    method: typeof request.method === 'string' ? request.method : 'PUT',
    url: typeof request.url === 'string' ? request.url : '',
    ...conditionsOf(request),
  }
}

const conditions = ['ifNoneExist', 'ifMatch', 'ifNoneMatch', 'ifModifiedSince'] as const

function conditionsOf(request: Record<string, unknown>): Partial<Record<(typeof conditions)[number], string>> {
  return Object.fromEntries(
    conditions.flatMap((name) => (typeof request[name] === 'string' ? [[name, request[name]]] : [])),
  )
}

function readContent(text: string, members: readonly MemberSpan[], parsed: Record<string, unknown>): Content {
  const span = members.find(({ key }) => key === 'resource')
  const type = typeof parsed.resourceType === 'string' ? parsed.resourceType : ''
  return { type, text: span ? text.slice(span.valueStart, span.valueEnd) : '{}', parsed }
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

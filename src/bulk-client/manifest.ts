/** https://hl7.org/fhir/uv/bulkdata/export.html#response---complete-status, of any version. */
import { Problem } from '#lib'
import { addressFrom } from './web/address.ts'

export type ItemKind = 'output' | 'deleted' | 'error'

export interface ManifestItem {
  readonly kind: ItemKind
  readonly type: string | undefined
  readonly url: URL
  /** Lines of the file. */
  readonly count: number | undefined
  readonly bytes: number | undefined
}

export interface Manifest {
  /** As the server wrote it. */
  readonly text: string
  /** Where it was read. */
  readonly at: URL
  readonly transactionTime: string | undefined
  readonly requiresAccessToken: boolean
  readonly items: readonly ManifestItem[]
  readonly next: URL | undefined
}

// biome-ignore lint/suspicious/noExplicitAny: a stranger's JSON, of which each member is looked at before use
type Json = any

export function readManifest(text: string, at: URL): Manifest {
  const content = parsed(text)
  if (typeof content !== 'object' || content === null || !('output' in content || 'transactionTime' in content)) {
    throw new Problem('unavailable', `What ${at.origin} gives as the manifest of the export is none`)
  }
  return {
    text,
    at,
    transactionTime: typeof content.transactionTime === 'string' ? content.transactionTime : undefined,
    requiresAccessToken: content.requiresAccessToken === true,
    items: [
      ...itemsOf('output', content.output, at),
      ...itemsOf('deleted', content.deleted, at),
      ...itemsOf('error', content.error, at),
      ...itemsOf('error', content.outcome, at), // so named in 4.0.0
    ],
    next: nextOf(content, at),
  }
}

/** Where the manifest goes on: https://hl7.org/fhir/uv/bulkdata/export.html#response---complete-status (link) */
export function nextOf(content: Json, at: URL): URL | undefined {
  const links: readonly Json[] = Array.isArray(content?.link) ? content.link : []
  const next = links.find((link) => link?.relation === 'next')
  return typeof next?.url === 'string' ? addressFrom(next.url, at) : undefined
}

function itemsOf(kind: ItemKind, list: unknown, at: URL): ManifestItem[] {
  const items: readonly Json[] = Array.isArray(list) ? list : []
  return items.map((item) => {
    if (typeof item?.url !== 'string') throw new Problem('unavailable', `An item of the manifest has no url (${kind})`)
    return {
      kind,
      type: typeof item.type === 'string' ? item.type : undefined,
      url: addressFrom(item.url, at),
      count: wholeNumber(item.count),
      bytes: wholeNumber(item.fileSize),
    }
  })
}

function wholeNumber(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined
}

export function parsed(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * The items of a page that was read before, with the addresses that hold now: a server may give fresh ones, or list them in
 * another order. Files on disk are named by their place, so a page that lists other files can't be gone on with.
 */
export function renewed(before: readonly ManifestItem[], now: readonly ManifestItem[]): readonly ManifestItem[] {
  const known = new Set(now.map(({ url }) => url.href))
  if (before.length === now.length && before.every(({ url }) => known.has(url.href))) return before
  if (shapeOf(before) === shapeOf(now)) return now
  throw new Problem(
    'conflict',
    'The server now lists other files for this export than before: start it anew in another folder',
  )
}

function shapeOf(items: readonly ManifestItem[]): string {
  return JSON.stringify(items.map(({ kind, type, url, count }) => [kind, type, url.pathname, count]))
}

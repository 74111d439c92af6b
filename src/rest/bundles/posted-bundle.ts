import { compact, hasRawLineBreak, readJson } from '#fhir'
import type { Call } from '#http'
import { Problem } from '#lib'
import { bundleEntries, type Entry } from '#store'

export interface PostedBundle {
  readonly type: 'batch' | 'transaction'
  readonly entries: readonly Entry[]
}

/** security.md part 5 */
const mostEntries = 5000

/** The Bundle of requests that was posted to the base. https://hl7.org/fhir/R4/http.html#transaction */
export function postedBundle({ practice, body }: Call): PostedBundle {
  if (body === undefined || body.trim() === '') throw refused('The body is empty', 'required')
  const bundle = readJson(body)
  if (!isBundle(bundle)) throw refused('The body is no Bundle', 'structure')
  const { type, entry } = bundle
  if (type !== 'batch' && type !== 'transaction') {
    const given = typeof type === 'string' ? `of type ${JSON.stringify(type.slice(0, 100))}` : 'without a type'
    throw refused(`A Bundle ${given} asks for nothing; POST Bundle stores it`, 'value', 'Bundle.type')
  }
  const most = practice.maximumBundleEntries ?? mostEntries
  if (Array.isArray(entry) && entry.length > most) {
    const sentence = `The Bundle has ${entry.length} entries, and at most ${most} are taken at once: post it in parts`
    throw new Problem('too-large', sentence, { expression: 'Bundle.entry' })
  }
  // White space goes first, so that no entry is looked through with it.
  return { type, entries: bundleEntries(hasRawLineBreak(body) ? compact(body) : body, bundle) }
}

function refused(reason: string, issue: string, expression?: string): Problem {
  return new Problem('incorrect', `${reason}: a Bundle of type batch or transaction is wanted`, {
    issue,
    ...(expression !== undefined && { expression }),
  })
}

function isBundle(value: unknown): value is { readonly type?: unknown; readonly entry?: unknown } {
  return (value as { resourceType?: unknown } | null)?.resourceType === 'Bundle'
}

/**
 * From the entries of a Bundle to writes: what each entry asks for, the searches that this takes (all at once), the links
 * between entries, and last each resource with its links resolved. Import and REST transactions share this; they differ
 * in the id that a new resource gets and in what becomes of an entry that waits.
 */
import { compact, conditionalReference, hasRawLineBreak, withId } from '#fhir'
import { Problem } from '#lib'
import type { WriteOperation } from '../store.ts'
import type { Content, Entry } from './entries.ts'
import { identified } from './identified.ts'
import { conditionalReferences, type Lead, withLinks } from './links.ts'
import { type Answers, answersTo, conditionalQuery, oneMatch, type ResolveMany } from './resolve.ts'
import { entryTarget, type Target } from './targets.ts'

export type EntryPlan = { readonly entry: Entry } & (
  | { readonly state: 'write'; readonly operation: WriteOperation }
  /** Nothing to do: what it would create is there under `id`, or what it would delete is not. */
  | { readonly state: 'nothing'; readonly type: string; readonly id?: string }
  /** Conditional references that match nothing yet; `operation` is what it would be without them. */
  | { readonly state: 'waits'; readonly queries: readonly string[]; readonly operation: WriteOperation }
  | { readonly state: 'fails'; readonly problem: Problem }
)

export interface Planning {
  readonly resolve: ResolveMany
  /** The id that an entry which creates has anyway, so that no search decides: import keeps the ids of its input. */
  readonly keptId?: (entry: Entry) => string | undefined
  /** The id of any other resource that is created; called once for an entry. */
  readonly newId: (entry: Entry) => string
  /** `newId` makes the same id again for the same entry, and a create that finds what it made before replaces it. */
  readonly isRepeatable?: boolean
}

/** A plan for each entry, in their order. */
export async function planEntries(entries: readonly Entry[], planning: Planning): Promise<EntryPlan[]> {
  const targets = entries.map((entry) => attempt(() => withKeptId(entry, entryTarget(entry), planning)))
  const found = await answersTo(targets.flatMap(queryOf), planning.resolve)
  const placed = place(entries, targets, found, planning)
  const links = linksBetween(entries, placed)
  const asked = entries.map(({ resource }) => (resource ? conditionalReferences(resource.text) : []))
  const answers = await referenceAnswers(asked.flat(), entries, placed, planning.resolve)
  return entries.map((entry, index) => {
    const at = placed[index] as Placed
    if (at instanceof Problem) return { entry, state: 'fails', problem: at }
    return planEntry(entry, at, { links, asked: asked[index] ?? [], answers })
  })
}

/** Where an entry's resource will stand, or has been all along. */
type Placed = { readonly act: 'put' | 'delete' | 'nothing'; readonly type: string; readonly id?: string } | Problem

function place(
  entries: readonly Entry[],
  targets: readonly (Target | Problem)[],
  found: Answers,
  { newId, isRepeatable = false }: Planning,
): Placed[] {
  // Two entries that would create the same thing make one: the second finds what the first one made.
  const made = new Map<string, string>()
  // What an entry before this one deletes is no longer found.
  const gone = new Set<string>()
  return targets.map((target, index) => {
    if (!(target instanceof Problem) && target.act === 'delete') gone.add(`${target.type}/${target.id}`)
    if (target instanceof Problem || isPlaced(target)) return target
    const entry = entries[index] as Entry
    const { act, type, query } = target
    return attempt((): Exclude<Placed, Problem> => {
      const own = act === 'create' && isRepeatable ? newId(entry) : undefined
      const matches = query === undefined ? [] : without(gone, type, found.get(query) ?? [])
      const match = query === undefined ? undefined : (oneMatch(query, matches, own) ?? made.get(query))
      if (act === 'delete-where') {
        if (match === undefined) return { act: 'nothing', type }
        gone.add(`${type}/${match}`)
        return { act: 'delete', type, id: match }
      }
      const id = match ?? own ?? newId(entry)
      if (query !== undefined) made.set(query, id)
      const isThere = match !== undefined && match !== own
      return { act: act === 'create' && isThere ? 'nothing' : 'put', type, id }
    })
  })
}

function without(gone: ReadonlySet<string>, type: string, ids: readonly string[] | Problem) {
  return ids instanceof Problem ? ids : ids.filter((id) => !gone.has(`${type}/${id}`))
}

function withKeptId(entry: Entry, target: Target, { keptId }: Planning): Target {
  const id = target.act === 'create' ? keptId?.(entry) : undefined
  return id === undefined ? target : { act: 'put', type: target.type, id }
}

function isPlaced(target: Target): target is Extract<Target, { id: string }> {
  return 'id' in target
}

/** Each fullUrl, and each old address whose resource got another id. */
function linksBetween(entries: readonly Entry[], placed: readonly Placed[]): ReadonlyMap<string, string> {
  const links = new Map<string, string>()
  for (const [index, entry] of entries.entries()) {
    const at = placed[index] as Placed
    if (at instanceof Problem || at.id === undefined || !entry.resource) continue
    const address = `${at.type}/${at.id}`
    const { id } = entry.resource.parsed
    const old = id === undefined ? undefined : `${at.type}/${id}`
    const { fullUrl = old } = entry
    if (fullUrl !== undefined && fullUrl !== address) links.set(fullUrl, address)
    // Under a fullUrl that does not say so, what is called Type/id is not this one but the server's.
    if (old !== undefined && old !== address && `/${fullUrl}`.endsWith(`/${old}`)) links.set(old, address)
  }
  return links
}

/** What the store knows, and what the Bundle itself brings. */
async function referenceAnswers(
  references: readonly string[],
  entries: readonly Entry[],
  placed: readonly Placed[],
  resolve: ResolveMany,
): Promise<Answers> {
  if (references.length === 0) return new Map()
  const stored = await answersTo(references, resolve)
  const brought = identified(
    entries.flatMap((entry, index) => {
      const at = placed[index] as Placed
      return at instanceof Problem || at.act !== 'put' || !entry.resource || !at.id
        ? []
        : [{ ...at, id: at.id, parsed: entry.resource.parsed }]
    }),
  )
  const gone = new Set(
    placed.flatMap((at) => (at instanceof Problem || at.act !== 'delete' ? [] : [`${at.type}/${at.id}`])),
  )
  return new Map(
    [...stored].map(([query, ids]) => {
      const left = without(gone, conditionalQuery(query).type, ids)
      return [query, left instanceof Problem ? left : [...left, ...brought(query)]]
    }),
  )
}

function planEntry(
  entry: Entry,
  at: Exclude<Placed, Problem>,
  read: { links: ReadonlyMap<string, string>; asked: readonly string[]; answers: Answers },
): EntryPlan {
  if (at.act === 'nothing') return { entry, state: 'nothing', ...at }
  const { type, id = '' } = at
  if (at.act === 'delete') return { entry, state: 'write', operation: { kind: 'delete', type, id } }
  const found = attempt(
    () => new Map(read.asked.map((query) => [query, oneMatch(query, read.answers.get(query) ?? [])])),
  )
  if (found instanceof Problem) return { entry, state: 'fails', problem: found }
  const queries = read.asked.filter((query) => found.get(query) === undefined)
  const operation = put(entry.resource as Content, { type, id }, (reference) => {
    const match = found.get(reference)
    if (match !== undefined) return referenceTo(reference, match)
    return entry.isPatched && !reference.startsWith('urn:') ? undefined : read.links.get(reference)
  })
  return queries.length > 0 ? { entry, state: 'waits', queries, operation } : { entry, state: 'write', operation }
}

function put(content: Content, { type, id }: { type: string; id: string }, lead: Lead): WriteOperation {
  const plain = hasRawLineBreak(content.text) ? compact(content.text) : content.text
  const { text, resource } = withLinks({ text: plain, resource: content.parsed }, lead)
  if (resource.id === id) return { kind: 'put', type, id, text, resource }
  return { kind: 'put', type, id, text: withId(text, id), resource: { ...resource, id } }
}

function referenceTo(query: string, id: string): string {
  return `${conditionalReference(query)?.type}/${id}`
}

function queryOf(target: Target | Problem): string[] {
  return !(target instanceof Problem) && 'query' in target && target.query !== undefined ? [target.query] : []
}

function attempt<T>(act: () => T): T | Problem {
  try {
    return act()
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
}

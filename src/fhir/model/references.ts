import { isResourceType } from './resource-types.ts'

/** Where a reference leads. https://hl7.org/fhir/R4/references.html */
export type ParsedReference =
  /** To this server: `Patient/1`, or the same under one of our own bases. */
  | { readonly kind: 'relative'; readonly type: string; readonly id: string; readonly version?: string }
  /** Somewhere else, or what follows no rule of FHIR: as it was given. */
  | { readonly kind: 'url'; readonly url: string }
  /** To a contained resource, without its `#`; empty means the container. */
  | { readonly kind: 'fragment'; readonly fragment: string }
  | { readonly kind: 'urn'; readonly urn: string }

const relative = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/([A-Za-z0-9.-]{1,64}))?$/

/** `bases` are the URLs that are this server's own, with or without a slash at their end. */
export function parseReference(text: string, bases: readonly string[] = []): ParsedReference {
  if (text.startsWith('#')) return { kind: 'fragment', fragment: text.slice(1) }
  if (text.startsWith('urn:')) return { kind: 'urn', urn: text }
  const [, type, id = '', version] = relative.exec(withoutBase(text, bases)) ?? []
  if (!isResourceType(type)) return { kind: 'url', url: text }
  return version === undefined ? { kind: 'relative', type, id } : { kind: 'relative', type, id, version }
}

function withoutBase(text: string, bases: readonly string[]): string {
  for (const base of bases) {
    const end = base.endsWith('/') ? base.length : base.length + 1
    if (text.startsWith(base) && text.charCodeAt(end - 1) === 0x2f) return text.slice(end)
  }
  return text
}

/** `Patient?identifier=…` taken apart; undefined for every other reference. https://hl7.org/fhir/R4/http.html#trules */
export function conditionalReference(text: string): { type: string; query: string } | undefined {
  const [, type, query = ''] = /^([A-Z][A-Za-z]+)\?(.+)$/.exec(text) ?? []
  return isResourceType(type) ? { type, query } : undefined
}

/** https://hl7.org/fhir/R4/datatypes.html#id */
export function isId(id: unknown): id is string {
  return typeof id === 'string' && /^[A-Za-z0-9.-]{1,64}$/.test(id)
}

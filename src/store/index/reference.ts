/**
 * References: key of the target xor salt of the path; what leads elsewhere is hashed as text (form l).
 * https://hl7.org/fhir/R4/search.html#reference
 */
import { parseReference } from '#fhir'
import { systemCode } from './forms.ts'
import type { IndexRows, IndexScope } from './rows.ts'

interface Reference {
  readonly type?: string
  readonly reference?: string
  readonly identifier?: { readonly system?: string; readonly value?: string }
}

/** `isOrdered`: what it leads to is kept in `index_token`, too. */
export function indexReference(
  rows: IndexRows,
  { key: source, isOrdered }: { readonly key: number; readonly isOrdered: boolean },
  value: unknown,
  type: string,
): void {
  if (type === 'Reference') {
    const { reference, identifier } = value as Reference
    // without validation it may be anything
    if (typeof reference === 'string') indexTarget(rows, source, reference, isOrdered)
    if (identifier?.value !== undefined) {
      rows.token(source, 'i', systemCode(identifier.system, identifier.value))
      rows.token(source, 'j', identifier.value)
    }
  } else if (typeof value === 'string') {
    indexTarget(rows, source, value, isOrdered)
  } else if (type === 'Resource') {
    // Bundle.entry[0].resource: `composition` and `message` mean the resource itself
    const { resourceType, id } = value as { resourceType?: string; id?: string }
    if (resourceType !== undefined && id !== undefined) rows.reference(source, resourceType, id)
  }
}

function indexTarget(rows: IndexRows, source: number, text: string, isOrdered: boolean) {
  const parsed = rows.parsed(text)
  if (parsed.kind === 'relative') rows.reference(source, parsed.type, parsed.id, isOrdered)
  else if (parsed.kind === 'urn') rows.token(source, 'l', parsed.urn)
  else if (parsed.kind === 'url') {
    rows.token(source, 'l', parsed.url)
    const bar = parsed.url.indexOf('|')
    if (bar > 0) rows.token(source, 'l', parsed.url.slice(0, bar))
  }
}

/** The type that a reference leads to, as far as it says. */
export function targetType(value: unknown, { bases }: Pick<IndexScope, 'bases'>): string | undefined {
  const { reference, type } = (typeof value === 'string' ? { reference: value } : value) as Reference
  if (typeof reference !== 'string') return type
  const parsed = parseReference(reference, bases)
  if (parsed.kind === 'relative') return parsed.type
  const [, named] = /\/([A-Z][A-Za-z]+)\/[^/]+$/.exec(reference) ?? []
  return named ?? type
}

/** The labels of a resource: profiles, security labels and tags in `meta`. https://hl7.org/fhir/R4/resource.html#Meta */
import { insertMember, keepMembers } from './edit-text.ts'
import { itemSpans, memberSpan, memberSpans } from './json-text.ts'

export const labelLists = ['profile', 'security', 'tag'] as const
export type LabelList = (typeof labelLists)[number]

/** The resource with the labels of `meta` (JSON text) that it lacks; all else stays to the letter. */
export function withLabels(resource: string, meta: string): string {
  return labelLists.reduce((text, list) => {
    const there = labelsIn(text, list)
    const fresh = [...labelsOf(meta, list)].filter(([key]) => !there.has(key))
    return fresh.length === 0 ? text : withList(text, list, [...there, ...fresh])
  }, resource)
}

/** The resource without the labels of `meta` (JSON text). */
export function withoutLabels(resource: string, meta: string): string {
  return labelLists.reduce((text, list) => {
    const there = labelsIn(text, list)
    const named = labelsOf(meta, list)
    const kept = [...there].filter(([key]) => !named.has(key))
    return kept.length === there.size ? text : withList(text, list, kept)
  }, resource)
}

/** Each label once: by what it means the text that it has. */
function labelsIn(resource: string, list: LabelList): ReadonlyMap<string, string> {
  const meta = memberSpan(resource, 'meta')
  return meta ? labelsOf(resource.slice(meta.valueStart, meta.valueEnd), list) : new Map()
}

function labelsOf(meta: string, list: LabelList): ReadonlyMap<string, string> {
  const span = memberSpan(meta, list)
  if (!span) return new Map()
  const labels = new Map<string, string>()
  for (const { start, end } of itemSpans(meta, span.valueStart)) {
    const text = meta.slice(start, end)
    const key = keyOf(text)
    if (!labels.has(key)) labels.set(key, text)
  }
  return labels
}

/** https://hl7.org/fhir/R4/resource-operation-meta-delete.html: codings are the same when system and code are. */
function keyOf(label: string): string {
  const value = JSON.parse(label) as string | { readonly system?: string; readonly code?: string }
  return typeof value === 'string' ? value : JSON.stringify([value.system ?? null, value.code ?? null])
}

function withList(
  resource: string,
  list: LabelList,
  labels: readonly (readonly [key: string, text: string])[],
): string {
  const member = `"${list}":[${labels.map(([, text]) => text).join()}]`
  const meta = memberSpan(resource, 'meta')
  if (!meta) return insertMember(resource, `"meta":{${member}}`, memberSpan(resource, 'id'))
  const rest = withoutList(resource.slice(meta.valueStart, meta.valueEnd), list)
  const changed = labels.length === 0 ? rest : insertMember(rest, member, memberSpans(rest).at(-1))
  return resource.slice(0, meta.valueStart) + changed + resource.slice(meta.valueEnd)
}

function withoutList(meta: string, list: LabelList): string {
  return keepMembers(meta, memberSpans(meta), ({ key }) => key !== list)
}

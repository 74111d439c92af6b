import { type MemberSpan, memberSpan, memberSpans, nextToken } from './json-text.ts'

export interface VersionMeta {
  readonly versionId: string
  /** An instant, such as 2024-01-31T12:00:00.123456Z. */
  readonly lastUpdated: string
}

/** The resource with this version and time in `meta`; the rest of `meta` and of the resource stays to the letter. */
export function withMeta(text: string, { versionId, lastUpdated }: VersionMeta): string {
  const members = [`"versionId":${JSON.stringify(versionId)}`, `"lastUpdated":${JSON.stringify(lastUpdated)}`]
  const meta = memberSpan(text, 'meta')
  if (!meta) return insertMember(text, `"meta":{${members.join()}}`, memberSpan(text, 'id'))
  if (text[meta.valueStart] !== '{') return splice(text, meta.valueStart, meta.valueEnd, `{${members.join()}}`)
  const rest = withoutMembers(text.slice(meta.valueStart, meta.valueEnd), versionMembers)
  const end = nextToken(rest, 1) === rest.length - 1 ? '}' : `,${rest.slice(1)}`
  return splice(text, meta.valueStart, meta.valueEnd, `{${members.join()}${end}`)
}

/** The resource under this id. */
export function withId(text: string, id: string): string {
  const span = memberSpan(text, 'id')
  if (span) return splice(text, span.valueStart, span.valueEnd, JSON.stringify(id))
  return insertMember(text, `"id":${JSON.stringify(id)}`)
}

/** The resource without what a server sets (`meta.versionId`, `meta.lastUpdated`), to compare contents. */
export function withoutVersion(text: string): string {
  const meta = memberSpan(text, 'meta')
  if (text[meta?.valueStart ?? -1] !== '{' || !meta) return text
  const rest = withoutMembers(text.slice(meta.valueStart, meta.valueEnd), versionMembers)
  if (nextToken(rest, 1) === rest.length - 1) return withoutMembers(text, new Set(['meta']))
  return splice(text, meta.valueStart, meta.valueEnd, rest)
}

/** The object without these members. */
function withoutMembers(text: string, keys: ReadonlySet<string>): string {
  const spans = memberSpans(text)
  const kept = spans.filter((span) => !keys.has(span.key))
  if (kept.length === spans.length) return text
  return keepMembers(text, spans, (span) => kept.includes(span))
}

/** The object with those of its members that `keeps` names. */
export function keepMembers(text: string, spans: readonly MemberSpan[], keeps: (span: MemberSpan) => boolean): string {
  const kept = spans.filter(keeps).map((span) => text.slice(span.keyStart, span.valueEnd))
  return `{${kept.join()}}`
}

/** Puts a member after `after`, by default after `resourceType`, else first. */
export function insertMember(text: string, member: string, after = memberSpan(text, 'resourceType')): string {
  if (after) return splice(text, after.valueEnd, after.valueEnd, `,${member}`)
  const first = nextToken(text, 0) + 1
  const isEmpty = text[nextToken(text, first)] === '}'
  return splice(text, first, first, isEmpty ? member : `${member},`)
}

const versionMembers: ReadonlySet<string> = new Set(['versionId', 'lastUpdated'])

/** `replacement` in place of what stands from `start` to `end`. */
export function splice(text: string, start: number, end: number, replacement: string): string {
  return text.slice(0, start) + replacement + text.slice(end)
}

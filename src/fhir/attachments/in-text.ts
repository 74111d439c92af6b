import { itemSpans, memberSpan, memberSpans, nextToken, stringValue } from '../model/json-text.ts'
import { attachmentExtension, placesOf } from './places.ts'

/** Where each attachment of a resource begins in its text, in order. */
export function attachmentStarts(text: string): number[] {
  const starts: number[] = []
  walk({ text, isDeep: text.includes(attachmentExtension), starts }, 0, 'Resource')
  return starts
}

interface Walk {
  readonly text: string
  /** Looks into all members, not only those that lead to attachments by definition. */
  readonly isDeep: boolean
  readonly starts: number[]
}

function walk(walking: Walk, start: number, type: string): void {
  const { text, isDeep, starts } = walking
  if (text[start] === '[') for (const item of itemSpans(text, start)) walk(walking, item.start, type)
  if (text[start] !== '{') return
  if (type === 'Attachment') return void starts.push(start)
  const places = placesOf(type === 'Resource' ? resourceTypeAt(text, start) : type)
  if (places.size === 0 && !isDeep) return
  for (const { key, valueStart } of memberSpans(text, start)) {
    const valueType = places.get(key) ?? (key === attachmentExtension ? 'Attachment' : '')
    if (valueType !== '' || isDeep) walk(walking, valueStart, valueType)
  }
}

function resourceTypeAt(text: string, start: number): string {
  const span = memberSpan(text, 'resourceType', nextToken(text, start))
  return span && text[span.valueStart] === '"' ? stringValue(text, span.valueStart, span.valueEnd) : ''
}

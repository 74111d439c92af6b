/** Edits of JSON text at a place in it: nothing else is touched, so every other decimal keeps its digits. */
import { splice } from '../model/edit-text.ts'
import { itemSpans, type MemberSpan, memberSpan, memberSpans, valueEnd } from '../model/json-text.ts'

/** The member of the object at `start`, sought no further than the object goes: it may be one of many in a long text. */
export function memberAt(text: string, start: number, key: string): MemberSpan | undefined {
  const span = memberSpan(text.slice(start, valueEnd(text, start)), key)
  if (!span) return undefined
  const { keyStart, valueStart, valueEnd: end } = span
  return { key, keyStart: keyStart + start, valueStart: valueStart + start, valueEnd: end + start }
}

/** Another value in place of the one that starts at `start`. */
export function replaceValue(text: string, start: number, value: string): string {
  return splice(text, start, valueEnd(text, start), value)
}

/** A member of the object at `start`: in place of the one of that name, else at its end. */
export function setMember(text: string, start: number, key: string, value: string): string {
  const spans = memberSpans(text, start)
  const known = spans.find((span) => span.key === key)
  if (known) return splice(text, known.valueStart, known.valueEnd, value)
  const last = spans.at(-1)
  const [at, comma] = last ? [last.valueEnd, ','] : [start + 1, '']
  return splice(text, at, at, `${comma}${JSON.stringify(key)}:${value}`)
}

/** The object at `start` without a member. */
export function removeMember(text: string, start: number, key: string): string {
  const spans = memberSpans(text, start)
  const at = spans.findIndex((span) => span.key === key)
  const [before, span, after] = [spans[at - 1], spans[at], spans[at + 1]]
  if (!span) return text
  if (before) return splice(text, before.valueEnd, span.valueEnd, '')
  return splice(text, span.keyStart, after ? after.keyStart : span.valueEnd, '')
}

/** An item more in the array at `start`, before the one that stands at `index`. */
export function insertItem(text: string, start: number, index: number, value: string): string {
  const items = itemSpans(text, start)
  const [before, after] = [items[index - 1], items[index]]
  if (before) return splice(text, before.end, before.end, `,${value}`)
  if (after) return splice(text, after.start, after.start, `${value},`)
  return splice(text, start + 1, start + 1, value)
}

/** The array at `start` without an item. */
export function removeItem(text: string, start: number, index: number): string {
  const items = itemSpans(text, start)
  const [before, item, after] = [items[index - 1], items[index], items[index + 1]]
  if (!item) return text
  if (before) return splice(text, before.end, item.end, '')
  return splice(text, item.start, after ? after.start : item.end, '')
}

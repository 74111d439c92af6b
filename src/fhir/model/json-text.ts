/**
 * JSON as text. What a client stored goes out to the letter, so resources are edited as text and never serialised again:
 * decimals keep their digits, members their order. All functions here expect text that JSON.parse has accepted.
 */

/** A member of an object: its name, and where its name (with quotes) and its value stand in the text. */
export interface MemberSpan {
  readonly key: string
  readonly keyStart: number
  readonly valueStart: number
  readonly valueEnd: number
}

export interface ItemSpan {
  readonly start: number
  readonly end: number
}

const quote = 0x22
const comma = 0x2c
const openArray = 0x5b
const backslash = 0x5c
const closeArray = 0x5d
const openObject = 0x7b
const closeObject = 0x7d

/** The members of the object that starts at `start`, without looking into their values. */
export function memberSpans(text: string, start = 0): MemberSpan[] {
  const spans: MemberSpan[] = []
  let at = nextToken(text, nextToken(text, start) + 1)
  while (text.charCodeAt(at) === quote) {
    const keyEnd = stringEnd(text, at)
    const valueStart = nextToken(text, nextToken(text, keyEnd) + 1)
    const end = valueEnd(text, valueStart)
    spans.push({ key: stringValue(text, at, keyEnd), keyStart: at, valueStart, valueEnd: end })
    at = nextToken(text, end)
    if (text.charCodeAt(at) === comma) at = nextToken(text, at + 1)
  }
  return spans
}

/** The items of the array that starts at `start`. */
export function itemSpans(text: string, start = 0): ItemSpan[] {
  const spans: ItemSpan[] = []
  let at = nextToken(text, nextToken(text, start) + 1)
  while (at < text.length && text.charCodeAt(at) !== closeArray) {
    const end = valueEnd(text, at)
    spans.push({ start: at, end })
    at = nextToken(text, end)
    if (text.charCodeAt(at) === comma) at = nextToken(text, at + 1)
  }
  return spans
}

/** The first member of that name, or undefined; looks no further than it must. */
export function memberSpan(text: string, key: string, start = 0): MemberSpan | undefined {
  const found = memberStart(text, key, start)
  return found && { key, ...found, valueEnd: valueEnd(text, found.valueStart) }
}

/** Where the first member of that name and its value start; the value itself is not looked through. */
export function memberStart(
  text: string,
  key: string,
  start = 0,
): Pick<MemberSpan, 'keyStart' | 'valueStart'> | undefined {
  if (!text.includes(`"${key}"`, start) && !text.includes('\\u', start)) return undefined
  let at = nextToken(text, nextToken(text, start) + 1)
  while (text.charCodeAt(at) === quote) {
    const keyEnd = stringEnd(text, at)
    const valueStart = nextToken(text, nextToken(text, keyEnd) + 1)
    if (isString(text, at, keyEnd, key)) return { keyStart: at, valueStart }
    at = nextToken(text, valueEnd(text, valueStart))
    if (text.charCodeAt(at) === comma) at = nextToken(text, at + 1)
  }
  return undefined
}

/** The index of the first character at or after `at` that is not white space. */
export function nextToken(text: string, at: number): number {
  let code = text.charCodeAt(at)
  while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) code = text.charCodeAt(++at)
  return at
}

/** The index after the string whose opening quote stands at `start`. */
export function stringEnd(text: string, start: number): number {
  let at = text.indexOf('"', start + 1)
  while (at > 0 && text.charCodeAt(at - 1) === backslash && isEscaped(text, at)) at = text.indexOf('"', at + 1)
  return at < 0 ? text.length : at + 1
}

/** The string between the quotes at `start` and `end - 1`. */
export function stringValue(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end - 1)
  return raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw
}

export function valueEnd(text: string, start: number): number {
  const code = text.charCodeAt(start)
  if (code === quote) return stringEnd(text, start)
  if (code === openObject || code === openArray) return containerEnd(text, start)
  let at = start
  while (at < text.length && !endsScalar(text.charCodeAt(at))) at++
  return at
}

function containerEnd(text: string, start: number): number {
  let depth = 0
  let at = start
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      at = stringEnd(text, at)
      continue
    }
    if (code === openObject || code === openArray) depth++
    else if ((code === closeObject || code === closeArray) && --depth === 0) return at + 1
    at++
  }
  return at
}

function endsScalar(code: number): boolean {
  return code === comma || code === closeObject || code === closeArray || code <= 0x20
}

function isEscaped(text: string, at: number): boolean {
  let before = at - 1
  while (text.charCodeAt(before) === backslash) before--
  return (at - before) % 2 === 0
}

function isString(text: string, start: number, end: number, value: string): boolean {
  if (end - start === value.length + 2) return text.startsWith(value, start + 1)
  return end - start > value.length + 2 && stringValue(text, start, end) === value
}

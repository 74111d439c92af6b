import { nextToken, stringEnd } from './json-text.ts'

/** The same JSON without white space outside strings; every other character stays, so decimals keep their digits. */
export function compact(text: string): string {
  let kept = ''
  let from = 0
  let at = 0
  while (at < text.length) {
    const token = nextToken(text, at)
    if (token > at) {
      kept += text.slice(from, at)
      from = token
    }
    at = text.charCodeAt(token) === 0x22 ? stringEnd(text, token) : token + 1
  }
  return from === 0 ? text : kept + text.slice(from)
}

/** Whether the text takes more than one line: NDJSON can't hold it as it is. Strings never hold a raw line break. */
export function hasRawLineBreak(text: string): boolean {
  return text.includes('\n') || text.includes('\r')
}

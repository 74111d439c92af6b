import { stringEnd } from '#fhir'

/** JSON text with line breaks and indentation, every value to the letter (`1.50` stays `1.50`). `_pretty=true` asks for it. */
export function prettyJson(text: string): string {
  let depth = 0
  // what was written is never looked at again: that would cost its whole length each time
  let pretty = ''
  let isJustOpened = false
  for (let at = 0; at < text.length; at++) {
    const token = tokenAt(text, at)
    at += token.length - 1
    if (token.trim() === '') continue
    const isClosing = token === '}' || token === ']'
    if (isClosing) depth--
    if (isJustOpened ? !isClosing : isClosing) pretty += line(depth)
    isJustOpened = token === '{' || token === '['
    if (isJustOpened) depth++
    pretty += token
    if (token === ',') pretty += line(depth)
    else if (token === ':') pretty += ' '
  }
  return pretty
}

function tokenAt(text: string, at: number): string {
  return text.charAt(at) === '"' ? text.slice(at, stringEnd(text, at)) : text.charAt(at)
}

function line(depth: number): string {
  return `\n${'  '.repeat(depth)}`
}

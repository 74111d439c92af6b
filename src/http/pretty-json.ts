import { stringEnd } from './string-end.ts'

/** JSON text with line breaks and indentation, every value to the letter (`1.50` stays `1.50`). `_pretty=true` asks for it. */
export function prettyJson(text: string): string {
  let depth = 0
  let pretty = ''
  for (let at = 0; at < text.length; at++) {
    const token = tokenAt(text, at)
    at += token.length - 1
    if (token === '{' || token === '[') pretty += token + line(++depth)
    else if (token === '}' || token === ']')
      pretty = isOpen(pretty) ? pretty.trimEnd() + token : pretty + line(depth - 1) + token
    else if (token === ',') pretty += token + line(depth)
    else if (token === ':') pretty += ': '
    else if (token.trim() !== '') pretty += token
    if (token === '}' || token === ']') depth--
  }
  return pretty
}

function tokenAt(text: string, at: number): string {
  return text.charAt(at) === '"' ? text.slice(at, stringEnd(text, at) + 1) : text.charAt(at)
}

/** Whether nothing has followed the last opening bracket. */
function isOpen(pretty: string): boolean {
  return /[{[]\n *$/.test(pretty.slice(-150))
}

function line(depth: number): string {
  return `\n${'  '.repeat(depth)}`
}

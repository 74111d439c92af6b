import { stringEnd } from '#fhir'

const name = '"reference"'
const binary = 'Binary/'

/** The strings in JSON text that may be references to what is stored: of a Reference, or the address of a Binary. */
export function* referencesInText(text: string): Generator<string> {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const start = valueStart(text, at + name.length)
    if (text.charCodeAt(start) === quote) yield stringAt(text, start)
  }
  // Past each string at once: it may name a Binary many times, and none of these is a reference.
  for (let at = text.indexOf(binary); at >= 0; at = text.indexOf(binary, at)) {
    const start = text.lastIndexOf('"', at)
    yield stringAt(text, start)
    at = Math.max(stringEnd(text, start), at + 1)
  }
}

const quote = 0x22
const colon = 0x3a

/** After white space, the colon and white space. */
function valueStart(text: string, after: number): number {
  let at = after
  while (text.charCodeAt(at) <= 0x20 || text.charCodeAt(at) === colon) at++
  return at
}

function stringAt(text: string, start: number): string {
  const raw = text.slice(start + 1, stringEnd(text, start) - 1)
  return raw.includes('\\') ? raw.replaceAll('\\/', '/') : raw
}

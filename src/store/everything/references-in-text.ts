import { isResourceType, parseReference, stringEnd } from '#fhir'

/** `Type/id` of all that JSON text refers to at this practice, by a Reference or by the address of a Binary. */
export function referencesInText(text: string, bases: readonly string[]): ReadonlySet<string> {
  const names = new Set<string>()
  for (const reference of stringsIn(text)) {
    const parsed = parseReference(reference, bases)
    if (parsed.kind === 'relative' && isResourceType(parsed.type)) names.add(`${parsed.type}/${parsed.id}`)
  }
  return names
}

/** The strings that may be references, each once. */
function stringsIn(text: string): ReadonlySet<string> {
  const strings = new Set<string>()
  const name = '"reference"'
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const start = afterColon(text, at + name.length)
    if (text[start] === '"') strings.add(stringAt(text, start))
  }
  for (let at = text.indexOf('Binary/'); at >= 0; at = text.indexOf('Binary/', at + 1)) {
    strings.add(stringAt(text, text.lastIndexOf('"', at)))
  }
  return strings
}

function afterColon(text: string, start: number): number {
  let at = start
  while (/[\s:]/.test(text[at] ?? '')) at++
  return at
}

function stringAt(text: string, start: number): string {
  const raw = text.slice(start + 1, stringEnd(text, start) - 1)
  return raw.includes('\\') ? raw.replaceAll('\\/', '/') : raw
}

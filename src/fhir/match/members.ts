// biome-ignore lint/suspicious/noExplicitAny: JSON of any shape; what is not there is skipped
export type Json = any

/** Nobody has more names, numbers or addresses; whoever sends more would have them all compared with each other. */
const mostItems = 25
const longestText = 200

/** The first items of an array that are there; none of what is no array. */
export function items(value: Json): readonly Json[] {
  if (!Array.isArray(value)) return []
  return value.slice(0, mostItems).filter((item) => item !== null && item !== undefined)
}

/** The text; empty for what is none. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, longestText).trim() : ''
}

/** Family and given names as they are spelled; of "Hilary V. Fahey" and "Fahey, Hilary V.", too, where only the text is there. */
export function spelledName(name: Json): { readonly family: string; readonly given: readonly string[] } {
  const family = text(name.family)
  const given = items(name.given).flatMap((part) => wordsOf(text(part)))
  if (family !== '' || given.length > 0) return { family, given }
  const [first = '', second] = text(name.text).split(',')
  if (second !== undefined) return { family: first.trim(), given: wordsOf(second) }
  const parts = wordsOf(first)
  return { family: parts.at(-1) ?? '', given: parts.slice(0, -1) }
}

/** Two given names may stand in one text. */
function wordsOf(names: string): readonly string[] {
  return names.split(/[\s.]+/).filter((part) => part !== '')
}

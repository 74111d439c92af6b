/**
 * How values become comparable text, the same for what is stored and what is asked.
 * https://hl7.org/fhir/R4/search.html#string
 */

const marks = /\p{M}+/gu
const blanks = /\s+/g

/** Lower case, without accents, blanks joined; at most 200 characters are compared. */
export function searchText(text: string): string {
  const plain = isPlain(text) ? text.toLowerCase() : text.normalize('NFKD').replace(marks, '').toLowerCase()
  return plain.replace(blanks, ' ').trim().slice(0, 200)
}

function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false
  return true
}

/** The text of `system|code` as it is hashed. */
export function systemCode(system: string | null | undefined, code: string): string {
  return `${system ?? ''}|${code}`
}

/** The small hash by which a unit is known at a practice. */
export function unitHash(system: string, code: string, text: string): number {
  let hash = 0x811c9dc5
  for (const part of [system, '|', code, '|', text]) {
    for (let i = 0; i < part.length; i++) hash = Math.imul(hash ^ part.charCodeAt(i), 0x01000193)
  }
  return hash | 0
}

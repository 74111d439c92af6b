/** Splits at separators that no backslash escapes; the parts keep their escapes. https://hl7.org/fhir/R4/search.html#escaping */
export function splitAt(separator: ',' | '$' | '|', text: string): string[] {
  const parts: string[] = []
  let start = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === separator) {
      parts.push(text.slice(start, at))
      start = at + 1
    }
  }
  return [...parts, text.slice(start)]
}

export function unescaped(text: string): string {
  return text.includes('\\') ? text.replaceAll(/\\([,$|\\])/g, '$1') : text
}

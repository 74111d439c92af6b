import { nextToken, stringEnd, stringValue } from './json-text.ts'

/** What to put in the place of a string; undefined leaves it. `key` is the member that holds it, or holds its array. */
export type Replace = (value: string, key: string) => string | undefined

/**
 * The same JSON with string values replaced (never names of members): a transaction's `urn:uuid:` references by the
 * ids that it gave, in references, uris, urls and the links of narratives.
 * https://hl7.org/fhir/R4/http.html#trules
 */
export function replaceStrings(text: string, replace: Replace): string {
  let kept = ''
  let from = 0
  let key = ''
  for (let at = text.indexOf('"'); at >= 0; ) {
    const end = stringEnd(text, at)
    if (text[nextToken(text, end)] === ':') {
      key = stringValue(text, at, end)
    } else {
      const value = stringValue(text, at, end)
      const replacement = key === 'div' ? replaceLinks(value, replace) : replace(value, key)
      if (replacement !== undefined) {
        kept += text.slice(from, at) + JSON.stringify(replacement)
        from = end
      }
    }
    at = text.indexOf('"', end)
  }
  return from === 0 ? text : kept + text.slice(from)
}

const link = /\b(href|src)=(["'])([^"'<>]*)\2/g

function replaceLinks(div: string, replace: Replace): string | undefined {
  const replaced = div.replace(link, (whole, attribute: string, quote: string, target: string) => {
    const replacement = replace(target, attribute)
    return replacement === undefined ? whole : `${attribute}=${quote}${escapeAttribute(replacement)}${quote}`
  })
  return replaced === div ? undefined : replaced
}

function escapeAttribute(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

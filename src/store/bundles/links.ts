import { conditionalReference, replaceStrings } from '#fhir'

/** Where each `fullUrl` and each id of the input leads: `urn:uuid:…` or `https://…/Patient/1` to `Patient/1`. */
export type Links = ReadonlyMap<string, string>

/** The text with its references led to where `links` says. https://hl7.org/fhir/R4/http.html#trules */
export function withLinks(text: string, links: Links): string {
  if (links.size === 0) return text
  return replaceStrings(text, (value, key) => (isLink(value, key) ? target(value, links) : undefined))
}

/** The conditional references of a text, each once: `Practitioner?identifier=…`. */
export function conditionalReferences(text: string): string[] {
  const found = new Set<string>()
  for (const [, escaped = ''] of text.matchAll(/"reference"\s*:\s*("(?:[^"\\]|\\.)*\?(?:[^"\\]|\\.)*")/g)) {
    const reference = JSON.parse(escaped) as string
    if (conditionalReference(reference)) found.add(reference)
  }
  return [...found]
}

/**
 * References, and the links of narratives, follow any fullUrl; other uris follow `urn:` alone, since an http address may
 * be a name there (the `url` of a StructureDefinition is its fullUrl too).
 */
function isLink(value: string, key: string): boolean {
  if (key === 'reference' || key === 'href' || key === 'src') return true
  return value.startsWith('urn:') && uris.has(key)
}

const uris: ReadonlySet<string> = new Set([
  'url',
  'uri',
  'valueUri',
  'valueUrl',
  'valueUuid',
  'valueOid',
  'valueCanonical',
])

/** A version behind the address (`…/_history/2`) names another server's version, so it goes. */
function target(value: string, links: Links): string | undefined {
  return links.get(value) ?? links.get(value.replace(/\/_history\/[^/]*$/, ''))
}

import { conditionalReference, replaceStrings } from '#fhir'

/** Where a reference leads: that to another entry (`urn:uuid:…`, `https://…/Patient/1`) or a conditional one to `Patient/1`. */
export type Lead = (reference: string) => string | undefined

export interface Linked<Resource> {
  readonly text: string
  readonly resource: Resource
}

/** A resource with its references led on; `resource` is `text` parsed. https://hl7.org/fhir/R4/http.html#trules */
export function withLinks<Resource extends object>(given: Linked<Resource>, lead: Lead): Linked<Resource> {
  const text = isOdd(given.text) ? withEveryLink(given.text, lead) : withPlainLinks(given.text, lead)
  return text === given.text ? given : { text, resource: JSON.parse(text) as Resource }
}

/** Most resources: their links stand in a few members, which are found without looking at every string. */
function withPlainLinks(text: string, lead: Lead): string {
  return text.replace(links, (whole, start: string, raw: string) => {
    const found = target(raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw, lead)
    return found === undefined ? whole : start + JSON.stringify(found)
  })
}

function withEveryLink(text: string, lead: Lead): string {
  return replaceStrings(text, (value, key) => (isLink(value, key) ? target(value, lead) : undefined))
}

/** It may have links of a narrative, or names that are written with escapes. */
function isOdd(text: string): boolean {
  return text.includes('\\u') || text.includes('href=') || text.includes('src=')
}

/**
 * References, and the links of narratives, follow any fullUrl; other uris follow `urn:` alone, since an http address may
 * be a name there (the `url` of a StructureDefinition is its fullUrl too).
 */
function isLink(value: string, key: string): boolean {
  if (key === 'reference' || key === 'href' || key === 'src') return true
  return value.startsWith('urn:') && uris.has(key)
}

const uriNames = ['url', 'uri', 'valueUri', 'valueUrl', 'valueUuid', 'valueOid', 'valueCanonical']
const uris: ReadonlySet<string> = new Set(uriNames)

/** What `isLink` says, in text. */
const links = new RegExp(
  `("reference"\\s*:\\s*|"(?:${uriNames.join('|')})"\\s*:\\s*(?="urn:))"((?:[^"\\\\]|\\\\.)*)"`,
  'g',
)

/** A version behind the address (`…/_history/2`) names another server's version, so it goes. */
function target(value: string, lead: Lead): string | undefined {
  return lead(value) ?? (value.includes('/_history/') ? lead(value.replace(/\/_history\/[^/]*$/, '')) : undefined)
}

/** The conditional references of a text, each once: `Practitioner?identifier=…`. */
export function conditionalReferences(text: string): string[] {
  const found = new Set<string>()
  for (const [, escaped = ''] of text.matchAll(/"reference"\s*:\s*("(?:[^"\\]|\\.)*")/g)) {
    if (!escaped.includes('?')) continue
    const reference = JSON.parse(escaped) as string
    if (conditionalReference(reference)) found.add(reference)
  }
  return [...found]
}

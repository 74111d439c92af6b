/** Who offers this API, for apps that help people find their practice. https://hl7.org/fhir/smart-app-launch/brands.html */
import { type Practice, standardPath } from '#http'
import type { PracticeSettings } from '#platform'

export const brandsPath = '/brands'

const profiles = 'http://hl7.org/fhir/smart-app-launch/StructureDefinition'
const extensions = 'http://hl7.org/fhir/StructureDefinition'
const codes = 'http://terminology.hl7.org/CodeSystem'

type Facts = Pick<PracticeSettings, 'address' | 'contact' | 'logo' | 'npi' | 'phone'>

/** The practice's one brand, with an Endpoint for each of its FHIR bases; `portal` is where its people see what they share, `at` when its settings changed. */
export function brandsBundle(practice: Practice, facts: Facts, portal: string, at: Date) {
  const { root, dialect } = practice
  const bases = [...new Set([standardPath, ...dialect.fhirPaths])].map((path) => root + path)
  const endpoints = bases.map((base, i) => endpointAt(base, i, practice, facts))
  const resources = [
    brand(
      practice,
      facts,
      portal,
      endpoints.map(({ id }) => `Endpoint/${id}`),
    ),
    ...endpoints,
  ]
  const time = at.toISOString()
  return {
    ...{ resourceType: 'Bundle', id: `brands-${practice.id}` },
    meta: { lastUpdated: time, profile: [`${profiles}/user-access-brands-bundle`] },
    ...{ type: 'collection', timestamp: time },
    entry: resources.map((resource) => ({ fullUrl: `${root}/${resource.resourceType}/${resource.id}`, resource })),
  }
}

/** By which discovery names the brand. */
export function brandIdentifier(root: string) {
  return { system: 'urn:ietf:rfc:3986', value: root }
}

function brand({ id, name, root }: Practice, facts: Facts, portal: string, endpoints: readonly string[]) {
  const { address, logo, npi } = facts
  const references = endpoints.map((reference) => ({ reference }))
  return {
    ...{ resourceType: 'Organization', id: `brand-${id}`, meta: { profile: [`${profiles}/user-access-brand`] } },
    extension: [
      ...(logo === undefined ? [] : [extension('organization-brand', [{ url: 'brandLogo', valueUrl: logo }])]),
      extension('organization-portal', [
        { url: 'portalName', valueString: name },
        { url: 'portalDescription', valueMarkdown: `What people share with apps at ${name}, and how they stop it` },
        { url: 'portalUrl', valueUrl: portal },
        ...references.map((valueReference) => ({ url: 'portalEndpoint', valueReference })),
      ]),
    ],
    identifier: [
      brandIdentifier(root),
      ...(npi === undefined ? [] : [{ system: 'http://hl7.org/fhir/sid/us-npi', value: npi }]),
    ],
    ...{ active: true, name },
    telecom: [{ system: 'url', value: websiteOf(facts) ?? portal }, ...otherTelecom(facts)],
    ...(address !== undefined && { address: [{ text: address }] }),
    endpoint: references,
  }
}

function endpointAt(base: string, i: number, { id, name }: Practice, facts: Facts) {
  return {
    ...{ resourceType: 'Endpoint', id: `endpoint-${i + 1}-${id}` },
    meta: { profile: [`${profiles}/user-access-endpoint`] },
    extension: [{ url: `${extensions}/endpoint-fhir-version`, valueCode: '4.0.1' }],
    status: 'active',
    connectionType: { system: `${codes}/endpoint-connection-type`, code: 'hl7-fhir-rest' },
    name: `FHIR R4 at ${name}`,
    contact: [{ system: 'url', value: websiteOf(facts) ?? `${base}/.well-known/smart-configuration` }],
    payloadType: [{ coding: [{ system: `${codes}/endpoint-payload-type`, code: 'none' }] }],
    address: base,
  }
}

function extension(name: string, parts: readonly object[]) {
  return { url: `${extensions}/${name}`, extension: parts }
}

/** The contact of a practice is a mail address or a page. */
function websiteOf({ contact }: Facts): string | undefined {
  return contact?.startsWith('https:') ? contact : undefined
}

function otherTelecom({ contact, phone }: Facts) {
  return [
    ...(contact?.includes('@') && !contact.startsWith('https:') ? [{ system: 'email', value: contact }] : []),
    ...(phone === undefined ? [] : [{ system: 'phone', value: phone }]),
  ]
}

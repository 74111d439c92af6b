/**
 * What the practice's authorization server says of itself, from the lists that it works by, so that it claims nothing that
 * is not there: endpoints, grants and ways to authenticate an app.
 */
import { offeredScopes } from '#access'
import type { Practice } from '#http'
import { assertionAlgorithms } from '../clients/assertion-key.ts'
import { type AuthenticationMethod, authenticationMethods, usesMethod } from '../clients/methods.ts'
import type { SmartEndpoint } from '../endpoints/smart-endpoint.ts'
import { grants } from '../grants/grants.ts'
import type { SmartParts } from '../parts.ts'
import { brandIdentifier } from './brands-bundle.ts'

export interface Offered extends Pick<SmartParts, 'typesOf' | 'settingsOf'> {
  readonly endpoints: readonly SmartEndpoint[]
}

/** https://hl7.org/fhir/smart-app-launch/conformance.html */
export function smartConfiguration(offered: Offered, practice: Practice) {
  const { endpoints } = offered
  const capabilities = capabilitiesOf(endpoints)
  const { issuer, jwks_uri, ...documented } = shared(endpoints, practice)
  return {
    ...(capabilities.includes('sso-openid-connect') && { issuer, jwks_uri }),
    ...documented,
    ...('user_access_brand_bundle' in documented && { user_access_brand_identifier: brandIdentifier(practice.root) }),
    scopes_supported: scopes(offered, practice),
    capabilities,
  }
}

/** https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata */
export function openidConfiguration(offered: Offered, practice: Practice) {
  return { ...shared(offered.endpoints, practice), scopes_supported: scopes(offered, practice) }
}

/** Names and addresses for the CapabilityStatement: the same that the documents have. */
export function oauthUris(
  endpoints: readonly SmartEndpoint[],
  { root }: Practice,
): readonly (readonly [string, string])[] {
  return endpoints.flatMap(({ path, advertised }) =>
    advertised?.oauthUri === undefined ? [] : [[advertised.oauthUri, root + path] as const],
  )
}

function shared(endpoints: readonly SmartEndpoint[], { root }: Practice): Readonly<Record<string, unknown>> {
  const addresses = endpoints.flatMap(({ path, advertised }) =>
    advertised?.member === undefined ? [] : [[advertised.member, root + path]],
  )
  return {
    issuer: root,
    ...Object.fromEntries(addresses),
    grant_types_supported: grants.map(({ type }) => type),
    token_endpoint_auth_methods_supported: methods(),
    ...(methods().includes('private_key_jwt') && {
      token_endpoint_auth_signing_alg_values_supported: Object.keys(assertionAlgorithms),
    }),
    ...Object.assign({}, ...endpoints.map(({ advertised }) => advertised?.members)),
  }
}

/** The ways of those apps for which there is a grant. */
function methods(): readonly AuthenticationMethod[] {
  const types = grants.flatMap(({ apps }) => apps)
  const all = Object.keys(authenticationMethods) as AuthenticationMethod[]
  return all.filter((method) => types.some((type) => usesMethod(type, method)))
}

function capabilitiesOf(endpoints: readonly SmartEndpoint[]): readonly string[] {
  const ofMethods = methods().map((method) => authenticationMethods[method].capability)
  const ofGrants = grants.flatMap(({ capabilities }) => capabilities)
  const ofEndpoints = endpoints.flatMap(({ advertised }) => advertised?.capabilities ?? [])
  return [...new Set([...ofEndpoints, ...ofMethods, ...ofGrants, 'permission-v1', 'permission-v2'])]
}

function scopes({ typesOf, settingsOf }: Offered, practice: Practice): readonly string[] {
  const levels = [...new Set(grants.flatMap((grant) => grant.levels))]
  return [
    ...new Set(grants.flatMap(({ otherScopes }) => otherScopes)),
    ...offeredScopes(levels, typesOf(practice), settingsOf(practice)),
  ]
}

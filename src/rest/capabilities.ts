import { createHash } from 'node:crypto'
import { searchParametersOf } from '#fhir'
import type { Answer, Call, Practice, Route } from '#http'
import { systemInteractions } from './capabilities/interactions.ts'
import { offeredOperations, operationCapability, resourceCapability } from './capabilities/resource.ts'
import { usCoreVersions } from './capabilities/us-core.ts'
import type { Operation } from './operations/operation.ts'
import type { RestOptions } from './options.ts'
import { offeredTypes } from './resource-type.ts'

const usCore = 'http://hl7.org/fhir/us/core'

/** The day of the last change to what is stated here for every practice. */
const date = '2026-11-21'

/**
 * Computed from the lists that the server itself works from, so it cannot claim what is not there.
 * https://hl7.org/fhir/R4/capabilitystatement.html
 */
export function capabilities({ routes, ...listed }: Listed, oauthUris: OauthUris = () => []) {
  const known = new Map<string, Answer & { readonly revision: string }>()
  return ({ practice, base }: Call): Answer => {
    const held = known.get(base)
    if (held?.revision === practice.revision) return held
    const body = JSON.stringify(
      statement(practice, base, { ...listed, routes: routes(), oauthUris: oauthUris(practice) }),
    )
    const version = createHash('sha256').update(body).digest('base64url').slice(0, 16)
    const answer = { body, version, revision: practice.revision }
    known.set(base, answer)
    return answer
  }
}

type OauthUris = NonNullable<RestOptions['oauthUris']>

interface Listed {
  readonly routes: () => readonly Route[]
  readonly operations: readonly Operation[]
  /** Canonicals, beside those of US Core. */
  readonly instantiates: readonly string[]
  readonly extensionsOf: (type: string) => readonly object[]
}

interface Stated extends Omit<Listed, 'routes'> {
  readonly routes: readonly Route[]
  readonly oauthUris: ReturnType<OauthUris>
}

function statement(practice: Practice, base: string, stated: Stated) {
  const { routes, oauthUris, operations, instantiates, extensionsOf } = stated
  const types = offeredTypes(practice)
  return {
    resourceType: 'CapabilityStatement',
    url: `${base}/metadata`,
    name: 'CharthouseCapabilities',
    title: `FHIR API of ${practice.name}`,
    status: 'active',
    date,
    publisher: practice.name,
    kind: 'instance',
    instantiates: [
      `${usCore}/CapabilityStatement/us-core-server`,
      ...usCoreVersions.map((version) => `${usCore}/CapabilityStatement/us-core-server|${version}`),
      ...instantiates,
    ],
    software: { name: 'charthouse' },
    implementation: { description: `FHIR API of ${practice.name}`, url: base },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'application/json', 'json'],
    implementationGuide: usCoreVersions.map((version) => `${usCore}/ImplementationGuide/hl7.fhir.us.core|${version}`),
    rest: [
      {
        mode: 'server',
        security: {
          cors: true,
          service: [smartOnFhir],
          ...(oauthUris.length > 0 && { extension: [oauthUrisExtension(oauthUris)] }),
          description: 'An access token is needed for all but this statement',
        },
        resource: types.map((type) =>
          resourceCapability(type, { types, routes, operations, extensionsOf, writes: practice.writes }),
        ),
        interaction: systemInteractions(routes, practice.writes),
        searchParam: commonParameters(types),
        operation: offeredOperations(operations, practice.writes)
          .filter(({ on }) => on.includes('system'))
          .flatMap(operationCapability),
      },
    ],
  }
}

/** https://hl7.org/fhir/smart-app-launch/1.0.0/conformance/index.html#smart-on-fhir-oauth-authorization-endpoints-and-capabilities */
function oauthUrisExtension(uris: Stated['oauthUris']) {
  return {
    url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris',
    extension: uris.map(([url, valueUri]) => ({ url, valueUri })),
  }
}

const smartOnFhir = {
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/restful-security-service', code: 'SMART-on-FHIR' }],
  text: 'OAuth2 using SMART App Launch (https://hl7.org/fhir/smart-app-launch)',
}

/** What a search across types takes: the parameters of every type. */
function commonParameters(types: readonly string[]) {
  const [first = '', ...others] = types
  return [...searchParametersOf(first).values()]
    .filter(({ code, url }) => others.every((type) => searchParametersOf(type).get(code)?.url === url))
    .map(({ code, url, type }) => ({ name: code, definition: url, type }))
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type UsCoreCapability, usCoreTable, validateStructure } from '#fhir'
import { clinic, served } from './stand-ins/served.ts'

const url = '/clinic/fhir/r4/metadata'

interface Resource {
  readonly type: string
  readonly supportedProfile?: readonly string[]
  readonly searchParam: readonly { readonly name: string; readonly type: string }[]
  readonly searchInclude: readonly string[]
  readonly searchRevInclude?: readonly string[]
  readonly interaction: readonly { readonly code: string }[]
  readonly extension?: readonly { readonly extension: readonly { readonly valueString: string }[] }[]
}

async function statement(practice = clinic) {
  await using app = await served({ practices: [practice] })
  const response = await app.inject({ url })
  assert.equal(response.statusCode, 200, response.body)
  return response.json()
}

test('metadata is a sound CapabilityStatement of R4 that names no version of the product', async () => {
  const capabilities = await statement()
  assert.deepEqual(validateStructure(capabilities), [])
  assert.equal(capabilities.fhirVersion, '4.0.1')
  assert.deepEqual(capabilities.software, { name: 'charthouse' })
  assert.equal(capabilities.implementation.url, 'http://here/clinic/fhir/r4')
  assert.ok(capabilities.instantiates.includes('http://hl7.org/fhir/us/core/CapabilityStatement/us-core-server'))
  assert.equal(capabilities.rest[0].security.service[0].coding[0].code, 'SMART-on-FHIR')
  const system = capabilities.rest[0].interaction.map(({ code }: { code: string }) => code)
  assert.deepEqual(system, ['batch', 'search-system', 'history-system'])
})

test('metadata answers all that US Core asks, in each version', async () => {
  const resources: readonly Resource[] = (await statement()).rest[0].resource
  const missing: string[] = []
  for (const [version, types] of Object.entries(usCoreTable())) {
    for (const [type, asked] of Object.entries(types)) {
      const resource = resources.find((each) => each.type === type)
      missing.push(...lacks(resource, asked, version).map((what) => `${version} ${type} ${what}`))
    }
  }
  assert.deepEqual(missing, [])
})

function lacks(resource: Resource | undefined, asked: UsCoreCapability, version: string): readonly string[] {
  if (!resource) return ['is not there']
  const together = (resource.extension ?? []).map(({ extension }) =>
    extension.map((each) => each.valueString).join('+'),
  )
  const wanted: readonly (readonly [readonly string[], readonly string[]])[] = [
    [asked.profiles, resource.supportedProfile ?? []],
    [asked.profiles.map((profile) => `${profile}|${version}`), resource.supportedProfile ?? []],
    [
      asked.parameters.map(({ code, type }) => `${code} ${type}`),
      resource.searchParam.map((each) => `${each.name} ${each.type}`),
    ],
    [Object.values(asked.combinations).flat(), together],
    [Object.values(asked.include).flat(), resource.searchInclude],
    [Object.values(asked.revinclude).flat(), resource.searchRevInclude ?? []],
  ]
  return wanted.flatMap(([names, offered]) => names.filter((name) => !offered.includes(name)))
}

test('metadata lists the types of the practice only', async () => {
  const resources: readonly Resource[] = (await statement({ ...clinic, types: new Set(['Patient', 'Provenance']) }))
    .rest[0].resource
  assert.deepEqual(
    resources.map(({ type }) => type),
    ['Patient', 'Provenance'],
  )
  assert.ok(resources[0]?.searchRevInclude?.includes('Provenance:target'))
  assert.deepEqual(
    resources[0]?.interaction.map(({ code }) => code),
    ['read', 'vread', 'history-instance', 'history-type', 'search-type'],
  )
})

test('metadata is not sent again to who holds it', async () => {
  await using app = await served()
  const { headers } = await app.inject({ url })
  const again = await app.inject({ url, headers: { 'if-none-match': String(headers.etag) } })
  assert.equal(again.statusCode, 304)
})

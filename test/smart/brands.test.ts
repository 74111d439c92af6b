/** What directories of practices read: https://hl7.org/fhir/smart-app-launch/brands.html */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestApp, testApp } from '../support/test-app.ts'

let app: TestApp

before(async () => {
  app = await testApp()
  await app.addPractice('plain', {})
  await app.addPractice('told', {
    ...{ dialect: 'mof', name: 'Told Clinic', npi: '1234567893', phone: '+1 555 0100', address: '1 Main St' },
    ...{ contact: 'https://told.example', logo: 'https://told.example/logo.png' },
  })
})
after(() => app[Symbol.asyncDispose]())

interface Resource {
  readonly resourceType: string
  readonly id: string
  readonly address?: string
  readonly [member: string]: unknown
}

const read = (practice: string, headers: Record<string, string> = {}) =>
  app.request({ method: 'GET', url: `/${practice}/brands`, headers })

for (const practice of ['plain', 'told']) {
  test(`the brands of ${practice} have an Endpoint for each base, named by the brand, whose metadata answers`, async () => {
    const { json } = await read(practice)
    assert.equal(json.type, 'collection')
    assert.ok(Date.parse(json.timestamp) > 0)
    const [brand, ...endpoints] = json.entry.map(({ resource }: { resource: Resource }) => resource)
    assert.deepEqual(
      brand.endpoint,
      endpoints.map(({ id }: Resource) => ({ reference: `Endpoint/${id}` })),
    )
    assert.equal(endpoints[0].address, `http://localhost:8080/${practice}/fhir/r4`)
    for (const { address } of endpoints) {
      const metadata = await app.request({ method: 'GET', url: `${new URL(address).pathname}/metadata` })
      assert.equal(metadata.json.resourceType, 'CapabilityStatement', address)
    }
  })

  test(`each reference in the brands of ${practice} finds its entry, and has one website`, async () => {
    const { entry } = (await read(practice)).json
    const urls = new Set(entry.map(({ fullUrl }: { fullUrl: string }) => fullUrl))
    const [{ resource: brand, fullUrl }] = entry
    const root = fullUrl.replace(/\/Organization\/.*/, '')
    for (const { reference } of brand.endpoint) assert.ok(urls.has(`${root}/${reference}`), reference)
    assert.equal(brand.telecom.filter(({ system }: { system: string }) => system === 'url').length, 1)
  })
}

test('brands say what the practice says of itself', async () => {
  const [{ resource: brand }, { resource: endpoint }] = (await read('told')).json.entry
  assert.equal(brand.name, 'Told Clinic')
  assert.deepEqual(brand.identifier, [
    { system: 'urn:ietf:rfc:3986', value: 'http://localhost:8080/told' },
    { system: 'http://hl7.org/fhir/sid/us-npi', value: '1234567893' },
  ])
  assert.deepEqual(brand.telecom, [
    { system: 'url', value: 'https://told.example/' },
    { system: 'phone', value: '+1 555 0100' },
  ])
  assert.deepEqual(brand.address, [{ text: '1 Main St' }])
  assert.deepEqual(brand.extension[0].extension, [{ url: 'brandLogo', valueUrl: 'https://told.example/logo.png' }])
  assert.deepEqual(endpoint.contact, [{ system: 'url', value: 'https://told.example/' }])
})

test('brands are open to every page, are found by discovery, and have a weak ETag', async () => {
  const { headers } = await read('plain')
  assert.equal(headers['access-control-allow-origin'], '*')
  assert.match(String(headers.etag), /^W\/".+"$/)
  const asked = await read('plain', { origin: 'https://app.example' })
  assert.ok(['*', 'https://app.example'].includes(String(asked.headers['access-control-allow-origin'])))
  const discovery = await app.request({ method: 'GET', url: '/plain/fhir/r4/.well-known/smart-configuration' })
  assert.equal(discovery.json.user_access_brand_bundle, 'http://localhost:8080/plain/brands')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isOpenRoute } from './stand-ins/open-routes.ts'
import { served } from './stand-ins/served.ts'

test('S-20: no route but those of the fixture answers a stranger', async () => {
  await using app = await served()
  const addresses = [
    '',
    '/metadata',
    '/$versions',
    '/_search',
    '/Patient',
    '/Patient/_search',
    '/Patient/1',
    '/_history',
  ]
  const deeper = [
    '/Patient/1/Observation',
    '/Patient/1/_history',
    '/Patient/1/_history/1',
    '/Patient/1/*/_search',
    '/nonsense',
  ]
  for (const path of [...addresses, ...deeper].map((below) => `/clinic/fhir/r4${below}`)) {
    for (const method of ['GET', 'HEAD', 'POST'] as const) {
      const { statusCode } = await app.inject({ method, url: path })
      const expected = isOpenRoute(method, path) ? [200] : [401, 405]
      assert.ok(expected.includes(statusCode), `${method} ${path}: ${statusCode}`)
    }
  }
})

test('an operation answers by GET and by POST, with $ escaped or not', async () => {
  await using app = await served()
  for (const [method, url] of [
    ['GET', '/clinic/fhir/r4/$versions'],
    ['POST', '/clinic/fhir/r4/%24versions'],
  ] as const) {
    const response = await app.inject({ method, url, headers: { authorization: 'Bearer good' } })
    assert.equal(response.json().parameter[0].valueString, '4.0')
  }
})

for (const [method, path] of [
  ['PUT', ''],
  ['POST', '/Patient/1'],
  ['PUT', '/metadata'],
  ['DELETE', '/Patient/1/_history'],
] as const) {
  test(`${method} ${path || '/'} is refused with what is allowed`, async () => {
    await using app = await served()
    const response = await app.inject({
      method,
      url: `/clinic/fhir/r4${path}`,
      headers: { authorization: 'Bearer good' },
    })
    assert.equal(response.statusCode, 405)
    assert.match(String(response.headers.allow), /^GET, HEAD, .*OPTIONS$/)
    assert.ok(!String(response.headers.allow).includes(method))
    assert.equal(response.json().resourceType, 'OperationOutcome')
  })
}

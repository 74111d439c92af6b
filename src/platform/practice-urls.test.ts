import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dialects } from '#dialects'
import { fhirBases, fhirPathOf, practiceOfPath, practiceRoot } from './practice-urls.ts'

const sandbox = { id: 'sandbox', path: undefined, hostName: undefined }

for (const [practice, baseUrl, root] of [
  [sandbox, 'http://localhost:8080', 'http://localhost:8080/sandbox'],
  [sandbox, 'https://ehr.example/api/', 'https://ehr.example/api/sandbox'],
  [{ ...sandbox, path: 'lakeside' }, 'https://ehr.example', 'https://ehr.example/lakeside'],
  [{ ...sandbox, hostName: 'fhir.lakeside.example' }, 'https://ehr.example', 'https://fhir.lakeside.example'],
  [
    { ...sandbox, hostName: 'fhir.lakeside.example' },
    'https://ehr.example:8443/api',
    'https://fhir.lakeside.example:8443/api',
  ],
] as const) {
  test(`practiceRoot() is ${root}`, () => assert.equal(practiceRoot(practice, baseUrl), root))
}

for (const [dialect, paths] of [
  ['standard', ['/fhir/r4']],
  ['modmed', ['/fhir/r4']],
  ['mof', ['/fhir/r4', '/fhir', '/open']],
  ['veradigm', ['/fhir/r4']],
  ['integra', ['/fhir/r4', '/integra/fhir/r4', '/integra/fhir/r4/us-core']],
] as const) {
  test(`fhirBases() of ${dialect}`, () => {
    const bases = fhirBases(sandbox, dialects[dialect], 'https://ehr.example')
    assert.deepEqual(
      bases,
      paths.map((path) => `https://ehr.example/sandbox${path}`),
    )
  })
}

for (const [path, baseUrl, found] of [
  ['/sandbox/fhir/r4/Patient/1', 'http://localhost:8080', { practice: 'sandbox', rest: '/fhir/r4/Patient/1' }],
  ['/sandbox', 'http://localhost:8080', { practice: 'sandbox', rest: '' }],
  ['/api/sandbox/fhir/r4', 'https://ehr.example/api/', { practice: 'sandbox', rest: '/fhir/r4' }],
  ['/sandbox/fhir/r4', 'https://ehr.example/api', undefined],
  ['/apisandbox/fhir/r4', 'https://ehr.example/api', undefined],
  ['/', 'http://localhost:8080', undefined],
  ['//sandbox/fhir/r4', 'http://localhost:8080', undefined],
  ['/../sandbox', 'http://localhost:8080', undefined],
] as const) {
  test(`practiceOfPath() of ${path} at ${baseUrl}`, () => assert.deepEqual(practiceOfPath(path, baseUrl), found))
}

for (const [dialect, path, found] of [
  ['standard', '/fhir/r4/Patient', { base: '/fhir/r4', rest: '/Patient' }],
  ['standard', '/fhir/r4', { base: '/fhir/r4', rest: '' }],
  ['standard', '/fhir/r4x/Patient', undefined],
  ['standard', '/fhir/Patient', undefined],
  ['mof', '/fhir/Patient', { base: '/fhir', rest: '/Patient' }],
  ['mof', '/fhir/r4/Patient', { base: '/fhir/r4', rest: '/Patient' }],
  ['mof', '/open/Patient/1', { base: '/open', rest: '/Patient/1' }],
  ['integra', '/integra/fhir/r4/us-core/patient', { base: '/integra/fhir/r4/us-core', rest: '/patient' }],
] as const) {
  test(`fhirPathOf() of ${path} at ${dialect}`, () => assert.deepEqual(fhirPathOf(path, dialects[dialect]), found))
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dialects } from '#dialects'
import { fhirBases, practiceRoot } from './practice-urls.ts'

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

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type KickOff, kickOffRequest } from './kick-off.ts'

function request(more: Partial<KickOff>) {
  return kickOffRequest({
    base: new URL('https://a.example/fhir/'),
    level: { kind: 'system' },
    parameters: {},
    isLenient: false,
    isPost: false,
    ...more,
  })
}

for (const [more, path] of [
  [{}, '$export'],
  [{ level: { kind: 'patient' } }, 'Patient/$export'],
  [{ level: { kind: 'group', id: '1.2?/x' } }, 'Group/1.2%3F%2Fx/$export'],
  [
    { parameters: { types: ['Patient', 'Group'], since: '2026-01-01T00:00:00+01:00', outputFormat: 'ndjson' } },
    '$export?_outputFormat=ndjson&_since=2026-01-01T00%3A00%3A00%2B01%3A00&_type=Patient%2CGroup',
  ],
  [
    { parameters: { typeFilters: ['Observation?code=a,b', 'Condition?x=1'] } },
    '$export?_typeFilter=Observation%3Fcode%3Da%2Cb&_typeFilter=Condition%3Fx%3D1',
  ],
  [{ parameters: { partial: true } }, '$export?allowPartialManifests=true'],
] as const) {
  test(`kickOffRequest() asks for ${path}`, () => {
    const { url, method, headers } = request(more)
    assert.deepEqual([method, url.href], ['GET', `https://a.example/fhir/${path}`])
    assert.deepEqual(headers, { accept: 'application/fhir+json', prefer: 'respond-async' })
  })
}

test('kickOffRequest() asks for patients by POST', () => {
  const parameters = { patients: ['1', 'Patient/2'], types: ['Patient', 'Group'], partial: true }
  const { url, method, headers, body } = request({ level: { kind: 'patient' }, parameters, isLenient: true })
  assert.deepEqual([method, url.href], ['POST', 'https://a.example/fhir/Patient/$export'])
  assert.equal(headers?.prefer, 'respond-async, handling=lenient')
  assert.deepEqual(JSON.parse(body ?? '').parameter, [
    { name: '_type', valueString: 'Patient' },
    { name: '_type', valueString: 'Group' },
    { name: 'patient', valueReference: { reference: 'Patient/1' } },
    { name: 'patient', valueReference: { reference: 'Patient/2' } },
    { name: 'allowPartialManifests', valueBoolean: true },
  ])
})

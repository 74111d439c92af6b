import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorization, row, served } from './stand-ins/served.ts'

/** mulberry32: the same requests in each run. */
function random(seed: number) {
  let state = seed
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const paths = [
  'Patient',
  'Observation',
  'Patient/1',
  'Patient/1/Observation',
  'Patient/1/*',
  '',
  'metadata',
  '$versions',
  'Pat%69ent',
  'Patient/%F0%9F%98%80',
  '_history',
  'Patient/_search',
]
const names = [
  'name',
  'name:exact',
  'birthdate',
  'gender',
  '_count',
  '_sort',
  '_include',
  '_revinclude',
  '_has:Observation:patient:code',
  'general-practitioner.name',
  '_summary',
  '_elements',
  '_total',
  '_page',
  '_type',
  '_format',
  '_pretty',
  '_lastUpdated',
  'code',
  'code:in',
  'value-quantity',
  'combo-code-value-quantity',
  '_id',
  '_list',
  '%00',
  'a'.repeat(300),
  '_filter',
  'subject:Patient.name',
  'near',
  '__proto__',
  'constructor',
  'toString:exact',
]
const values = [
  '1',
  'x',
  '',
  ',',
  '|',
  '||',
  '$',
  '\\',
  '2020-01-01',
  'ge2020-13-45T99:99',
  '9999999999999999999',
  '-1',
  '1e400',
  '*',
  'Patient:*',
  'Provenance:target',
  'name',
  'true',
  'json',
  'xml',
  '%',
  '%zz',
  '%ff',
  '%00',
  '%F0%9F%98%80',
  '/',
  '../..',
  'http://x|y',
  'a'.repeat(2000),
  '5.4|http://unitsofmeasure.org|mg',
  '__proto__',
  "'; select 1 --",
]
const headers = [
  'accept',
  'prefer',
  'if-none-match',
  'if-modified-since',
  'accept-encoding',
  'origin',
  'content-type',
  'x-request-id',
]
const fields = [
  '',
  '*/*',
  'application/fhir+xml',
  'handling=lenient',
  'handling=',
  '"',
  'W/"2"',
  'x'.repeat(5000),
  '\u00ff',
  ';;q=,',
  'gzip, br',
  'null',
  'Fri, 99 Foo',
]

test('no request of 2,000 random ones ends in a fault, and each refusal is an OperationOutcome', async () => {
  const pick = random(4)
  const oneOf = <T>(list: readonly T[]) => list[pick(list.length)] as T
  const patient = row('Patient', '1', { active: true })
  await using app = await served({
    read: () => ({ state: 'current', row: patient }),
    search: () => ({ matches: [patient], next: { a: 1 } }),
  })
  for (let count = 0; count < 2000; count++) {
    const query = Array.from({ length: pick(4) }, () => `${oneOf(names)}=${oneOf(values)}`).join('&')
    const url = `/clinic/fhir/r4/${oneOf(paths)}${query && `?${query}`}`
    const given = Object.fromEntries(Array.from({ length: pick(3) }, () => [oneOf(headers), oneOf(fields)]))
    const request = {
      method: oneOf(['GET', 'GET', 'GET', 'HEAD', 'POST', 'PUT', 'OPTIONS'] as const),
      url,
      headers: { authorization, ...given },
    }
    const response = await app.inject(request)
    const seen = `${JSON.stringify(request).slice(0, 500)}\n${response.statusCode} ${response.body.slice(0, 500)}`
    assert.ok(response.statusCode < 500 || response.statusCode === 501, seen)
    if (response.statusCode >= 400 && request.method !== 'HEAD')
      assert.equal(response.json().resourceType, 'OperationOutcome', seen)
  }
})

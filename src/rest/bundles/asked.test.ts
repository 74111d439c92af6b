import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askedOf, isRead, roundOf } from './asked.ts'

const asked = (method: string, url: string) => askedOf({ index: 3, method, url }, ['http://h/a/fhir/r4'])

for (const [method, url, path, query, round, read] of [
  ['DELETE', 'Patient/1', 'Patient/1', '', 0, false],
  ['POST', '/Patient', 'Patient', '', 1, false],
  ['PUT', 'Patient?identifier=a|b?c', 'Patient', 'identifier=a|b?c', 2, false],
  ['PATCH', 'http://h/a/fhir/r4/Patient/1', 'Patient/1', '', 2, false],
  ['GET', '?_type=Patient', '', '_type=Patient', 3, true],
  ['GET', 'http://h/a/fhir/r4?_type=Patient', '', '_type=Patient', 3, true],
  ['POST', 'Patient/1/$everything', 'Patient/1/$everything', '', 1, true],
  // some dialects take names of types in any case: this is a create
  ['POST', 'patient', 'patient', '', 1, false],
] as const) {
  test(`askedOf() reads ${method} ${url}`, () => {
    const found = asked(method, url)
    assert.deepEqual([found.path, found.query, roundOf(found), isRead(found)], [path, query, round, read])
  })
}

for (const [method, url, member] of [
  ['GET', '', 'url'],
  ['GET', '/', 'url'],
  ['get', 'Patient/1', 'method'],
  ['GET', 'http://h/b/fhir/r4/Patient/1', 'url'],
  ['GET', 'http://h/a/fhir/r4x/Patient/1', 'url'],
  ['GET', 'urn:uuid:0', 'url'],
] as const) {
  test(`askedOf() refuses ${method} "${url}"`, () => {
    assert.throws(() => asked(method, url), {
      kind: 'incorrect',
      expression: [`Bundle.entry[3].request.${member}`],
    })
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seeded } from '../fuzz/random.ts'
import { testApp } from '../support/test-app.ts'
import { observation, openWriter, patient } from './writer.ts'

const resources = [
  patient({
    id: 'f',
    name: [{ family: 'A', given: ['B', 'C'] }],
    multipleBirthInteger: 2,
    text: { status: 'generated', div: '<div>x</div>' },
  }),
  observation('f', {
    id: 'f',
    valueQuantity: { value: 1.5, unit: 'mg' },
    component: [{ code: { text: 'c' }, valueString: 'd' }],
  }),
  { resourceType: 'Organization', id: 'f', name: 'N', contact: [{ name: { text: 'T' } }] },
]
const paths = [
  'Patient',
  'Observation',
  'Organization',
  'Patient/f',
  'Observation/f',
  'Organization/f',
  'Patient/f/_history/1',
  '',
]
const queries = [
  '',
  '?_id=f',
  '?name=A',
  '?_id=g',
  '?identifier=|',
  '?_sort=name',
  '?_has:Observation:subject:code=x',
  '?a=b',
  '?name:exact=',
  '?_format=json',
]
const headers: readonly Record<string, string>[] = [
  {},
  { 'if-match': 'W/"1"' },
  { 'if-match': '*' },
  { 'if-match': 'x' },
  { 'if-none-match': '*' },
  { 'if-none-exist': '_id=f' },
  { 'if-none-exist': '%' },
  { prefer: 'return=minimal' },
  { prefer: 'return=OperationOutcome' },
  { 'content-type': 'text/plain' },
]
const pieces = [
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\\u0000',
  '\\ud800',
  '1e999',
  '-0',
  'null',
  'true',
  '"id"',
  '"div"',
  '<',
  'é',
  '\u2028',
  '"resourceType":"Patient",',
  '"__proto__":{},',
]
const pointers = [
  '',
  '/id',
  '/name/0',
  '/name/-',
  '/name/0/given/1',
  '/component/0/code',
  '/__proto__/x',
  '/meta/versionId',
  '/x/y',
  '/text/div',
  '/~1',
  'x',
  '/name/00',
]
const words = [
  'Patient',
  'Observation',
  'name',
  'value',
  'component',
  'where(',
  'given',
  "'B'",
  ')',
  '=',
  '[0]',
  '[99999999999]',
  'first()',
  'extension(',
  'ofType(Quantity)',
  '|',
  ' and ',
  '%x',
  'as',
  "'",
]

test('no write of 1,500 random ones ends in a fault, and each refusal is an OperationOutcome', async () => {
  await using app = await testApp()
  const client = await openWriter(app)
  const { below, of: oneOf } = seeded(7)
  function mutated(text: string): string {
    let changed = text
    for (let count = below(4); count > 0; count--) {
      const at = below(changed.length + 1)
      changed = changed.slice(0, at) + (below(2) ? oneOf(pieces) : '') + changed.slice(at + below(3))
    }
    return changed
  }
  const value = () => oneOf<unknown>([1, 'x', null, [], {}, { family: 'Z' }, ['y'], true])
  const jsonPatch = () =>
    Array.from({ length: below(4) }, () => ({
      op: oneOf(['add', 'remove', 'replace', 'move', 'copy', 'test', 'none']),
      path: oneOf(pointers),
      from: oneOf(pointers),
      value: value(),
    }))
  const part = () => ({
    name: oneOf(['path', 'name', 'value', 'index', 'source', 'destination', 'type']),
    valueString: oneOf(words),
  })
  const fhirPatch = () => ({
    resourceType: 'Parameters',
    parameter: Array.from({ length: 1 + below(2) }, () => ({
      name: 'operation',
      part: [
        { name: 'type', valueCode: oneOf(['add', 'insert', 'delete', 'replace', 'move']) },
        { name: 'path', valueString: Array.from({ length: 1 + below(5) }, () => oneOf(words)).join(oneOf(['.', ''])) },
        { name: 'name', valueString: oneOf(words) },
        oneOf([
          { name: 'value', valueInteger: 3 },
          { name: 'value', part: [part()] },
          { name: 'value', valueHumanName: { family: 'Z' } },
        ]),
        { name: oneOf(['index', 'source']), valueInteger: below(3) - 1 },
        { name: 'destination', valueInteger: below(3) },
      ],
    })),
  })
  const statuses = new Map<number, number>()
  for (let count = 0; count < 1500; count++) {
    const method = oneOf(['POST', 'PUT', 'PATCH', 'PATCH', 'DELETE'])
    const isJsonPatch = method === 'PATCH' && below(2) === 0
    const body = method === 'PATCH' ? (isJsonPatch ? jsonPatch() : fhirPatch()) : oneOf(resources)
    const text = method === 'DELETE' ? undefined : mutated(JSON.stringify(body))
    const path = oneOf(paths) + oneOf(queries)
    const given = { ...(isJsonPatch && { 'content-type': 'application/json-patch+json' }), ...oneOf(headers) }
    const answer = await client.send(method, path, text, given)
    const seen = `${method} ${path} ${JSON.stringify(given)} ${text}\n${answer.status} ${answer.text.slice(0, 500)}`
    assert.ok(answer.status < 500 || answer.status === 501, seen)
    if (answer.status >= 400) assert.equal(answer.json.resourceType, 'OperationOutcome', seen)
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
  }
  for (const status of [200, 201, 204, 400, 404, 412, 415, 422])
    assert.ok(statuses.has(status), `${status} is among them`)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withId, withMeta, withoutVersion } from './edit-text.ts'
import { project } from './project.ts'
import { replaceStrings } from './replace-strings.ts'

const version = { versionId: '2', lastUpdated: '2024-01-31T12:00:00.123456Z' }
const stamp = '"versionId":"2","lastUpdated":"2024-01-31T12:00:00.123456Z"'

for (const [given, wanted] of [
  ['{"resourceType":"Basic","id":"1","x":1.00}', `{"resourceType":"Basic","id":"1","meta":{${stamp}},"x":1.00}`],
  ['{"resourceType":"Basic","x":1}', `{"resourceType":"Basic","meta":{${stamp}},"x":1}`],
  ['{"x":{"meta":1}}', `{"meta":{${stamp}},"x":{"meta":1}}`],
  ['{}', `{"meta":{${stamp}}}`],
  ['{"meta":{"versionId":"1"},"x":1}', `{"meta":{${stamp}},"x":1}`],
  ['{"meta":{"profile":["p"],"lastUpdated":"z"}}', `{"meta":{${stamp},"profile":["p"]}}`],
  ['{"meta":null}', `{"meta":{${stamp}}}`],
] as const) {
  test(`withMeta() of ${given}`, () => assert.equal(withMeta(given, version), wanted))
  test(`withoutVersion() takes back what withMeta() did to ${given}`, () => {
    assert.equal(withoutVersion(withMeta(given, version)), withoutVersion(given === '{"meta":null}' ? '{}' : given))
  })
}

test('withId() replaces or inserts', () => {
  assert.equal(
    withId('{"resourceType":"Basic","id":"old","x":{"id":"y"}}', 'new'),
    '{"resourceType":"Basic","id":"new","x":{"id":"y"}}',
  )
  assert.equal(withId('{"resourceType":"Basic","x":1}', 'new'), '{"resourceType":"Basic","id":"new","x":1}')
})

test('replaceStrings() rewrites values and links of narratives, never names', () => {
  const text = '{"urn:uuid:1":1.0,"a":["urn:uuid:1"],"div":"<a href=\\"urn:uuid:1\\">urn:uuid:1</a>","b":"urn:uuid:2"}'
  assert.equal(
    replaceStrings(text, (value) => (value === 'urn:uuid:1' ? 'Patient/"1' : undefined)),
    '{"urn:uuid:1":1.0,"a":["Patient/\\"1"],"div":"<a href=\\"Patient/&#34;1\\">urn:uuid:1</a>","b":"urn:uuid:2"}',
  )
})

test('replaceStrings() tells which member holds the value', () => {
  const keys: string[] = []
  replaceStrings('{"a":"x","b":["y","z"],"c":{"d":"w"}}', (value, key) => void keys.push(`${key}=${value}`))
  assert.deepEqual(keys, ['a=x', 'b=y', 'b=z', 'd=w'])
})

const tag = '{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}'
for (const [given, wanted] of [
  ['{"resourceType":"X","a":1.0,"b":2}', `{"resourceType":"X","meta":{"tag":[${tag}]},"a":1.0}`],
  ['{"id":"1","_a":{},"a":null,"c":2}', `{"id":"1","meta":{"tag":[${tag}]},"_a":{},"a":null}`],
  ['{"id":"1","meta":{"tag":[{"code":"t"}]}}', `{"id":"1","meta":{"tag":[{"code":"t"},${tag}]}}`],
  ['{"id":"1","meta":{"versionId":"1"}}', `{"id":"1","meta":{"tag":[${tag}],"versionId":"1"}}`],
] as const) {
  test(`project() keeps "a" of ${given}`, () => assert.equal(project(given, new Set(['a'])), wanted))
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lastVersions } from './last-versions.ts'

const long = `"text":"${'x'.repeat(200)}"`

for (const [name, texts, expected] of [
  ['each once', [`{"resourceType":"Patient","id":"a",${long}}`, `{"resourceType":"Group","id":"a",${long}}`], []],
  [
    'one twice',
    [`{"resourceType":"Patient","id":"a",${long}}`, `{"resourceType":"Patient","id":"a",${long}}`],
    [['Patient/a', 1]],
  ],
  [
    'white space between',
    ['{ "resourceType" : "Patient",\n "id": "a"}', `{"resourceType":"Patient","id":"a",${long}}`],
    [['Patient/a', 1]],
  ],
  [
    'a name that does not stand first',
    ['{"id":"a","meta":{},"resourceType":"Patient"}', '{"resourceType":"Patient","meta":{},"id":"a"}'],
    [['Patient/a', 1]],
  ],
  [
    'an entry of a Bundle',
    [
      `{"resourceType":"Bundle","id":"b","entry":[{"resource":{"resourceType":"Patient","id":"a"}},{${long}}]}`,
      '{"resourceType":"Patient","id":"a"}',
    ],
    [['Patient/a', 1]],
  ],
] as const) {
  test(`lastVersions() tells where the last is: ${name}`, () => {
    const versions = lastVersions(1000)
    for (const [number, text] of texts.entries())
      versions.look({ place: { file: '' }, bytes: Buffer.from(text) }, number)
    assert.deepEqual([...versions.last], expected)
  })
}

test('lastVersions() takes few of 100,000 different names for the same', () => {
  const versions = lastVersions(50_000_000)
  for (let number = 0; number < 100_000; number++) {
    versions.look(
      { place: { file: '' }, bytes: Buffer.from(`{"resourceType":"Patient","id":"p-${number}",${long}}`) },
      number,
    )
  }
  assert.ok(versions.last.size < 20, `${versions.last.size} were`)
})

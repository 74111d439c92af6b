import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readJson } from './read-json.ts'

for (const [text, sentence, expression] of [
  ['{"a":1,"a":2}', /member "a" is given twice/, '%resource'],
  ['{"resourceType":"Basic","x":[{"y":{}},{"y":1,"\\u0079":2}]}', /member "y" is given twice/, 'Basic.x[1]'],
  [`${'['.repeat(65)}${']'.repeat(65)}`, /deeper than 64 levels/, undefined],
  ['{"a" :":x","a":2}', /member "a" is given twice/, '%resource'],
  ['{"a":":","a":2}', /member "a" is given twice/, '%resource'],
  ['{"a\\"":1,"a\\"":2}', /a member is given twice/, '%resource'],
  ['{"a"\n:1,"b":{"c":"\\":"},"a"\t:2}', /member "a" is given twice/, '%resource'],
  [`${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`, /deeper than 64 levels/, undefined],
  [`${'{"a":'.repeat(65)}1${'}'.repeat(65)}`, /deeper than 64 levels/, undefined],
  ['{"a":"\\u0000"}', /NUL/, undefined],
  ['{"a":"\\ud800"}', /surrogate/, undefined],
  ['{"name":"Jane Doe",}', /not JSON \(line 1, column 20\)/, undefined],
  ['', /ends too early/, undefined],
] as const) {
  test(`readJson() refuses ${text.slice(0, 60)}`, () => {
    assert.throws(() => readJson(text), {
      name: 'Problem',
      kind: 'incorrect',
      message: sentence,
      expression: expression ? [expression] : [],
    })
  })
}

for (const text of [
  '{"a":"\\\\u0000 \\ud83d\\ude00"}',
  '{"__proto__":{"polluted":1}}',
  `${'['.repeat(64)}${']'.repeat(64)}`,
  '"a:b"',
  '{"a":":","b" :"\\":","c":[":"]}',
]) {
  test(`readJson() reads ${text.slice(0, 40)}`, () => assert.deepEqual(readJson(text), JSON.parse(text)))
}

test('readJson() gives prototypes no chance', () => {
  readJson('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}')
  assert.equal(({} as { polluted?: number }).polluted, undefined)
})

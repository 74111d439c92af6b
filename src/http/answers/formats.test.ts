import assert from 'node:assert/strict'
import { test } from 'node:test'
import { processorMs } from '../../../test/support/processor-time.ts'
import { checkDepth } from '../json-depth.ts'
import { encodingFor } from './compressed.ts'
import { negotiate, wantsContent } from './formats.ts'
import { prettyJson } from './pretty-json.ts'

const fhir = 'application/fhir+json'
const json = 'application/json'

for (const [accept, format, expected] of [
  [undefined, undefined, fhir],
  ['*/*', undefined, fhir],
  ['application/json', undefined, json],
  ['Application/FHIR+JSON; charset=utf-8', undefined, fhir],
  ['application/fhir+xml, application/json;q=0.5', undefined, json],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', undefined, fhir],
  ['application/json;q=0.2, application/fhir+json;q=0.9', undefined, fhir],
  ['application/fhir+json; fhirVersion=4.0', undefined, fhir],
  ['application/xml', 'json', fhir],
  ['application/xml', 'application/fhir json', fhir],
  ['application/fhir+json', 'application/json', json],
] as const) {
  test(`negotiate() answers ${expected} to Accept ${accept} and _format ${format}`, () => {
    assert.equal(negotiate(accept, format), expected)
  })
}

for (const accept of [
  'application/fhir+xml',
  'text/html',
  'application/fhir+json;q=0',
  'application/fhir+json;fhirVersion=3.0',
  'nonsense',
  'constructor',
  '__proto__',
]) {
  test(`negotiate() refuses ${accept}`, () => {
    assert.throws(() => negotiate(accept, undefined), { kind: 'not-acceptable' })
  })
}

for (const [accepted, length, expected] of [
  ['gzip, deflate, br', 2000, 'br'],
  ['gzip;q=1.0, br;q=0', 2000, 'gzip'],
  ['GZIP', 2000, 'gzip'],
  ['deflate', 2000, undefined],
  ['gzip', 1000, undefined],
  [undefined, 2000, undefined],
] as const) {
  test(`encodingFor() answers ${expected} to ${accepted} for ${length} characters`, () => {
    assert.equal(encodingFor(accepted, length), expected)
  })
}

for (const [text, isRefused] of [
  [`${'['.repeat(64)}${']'.repeat(64)}`, false],
  [`${'['.repeat(65)}${']'.repeat(65)}`, true],
  [`{"a":"${'[{'.repeat(100)}"}`, false],
  [`["\\"${'['.repeat(100)}\\\\",1]`, false],
  [`["\\\\",${'['.repeat(64)}`, true],
] as const) {
  test(`checkDepth() ${isRefused ? 'refuses' : 'takes'} ${text.slice(0, 12)}… of ${text.length}`, () => {
    if (isRefused) assert.throws(() => checkDepth(text), { kind: 'incorrect' })
    else checkDepth(text)
  })
}

test('prettyJson() keeps every value to the letter', () => {
  const text = '{"a":[1.50,{},[],{"b":"x\\"{[,:\\\\"}],"c":null}'
  const pretty = prettyJson(text)
  assert.equal(pretty.replaceAll(/\n */g, '').replaceAll('": ', '":'), text)
  assert.ok(pretty.startsWith('{\n  "a": [\n    1.50,\n    {},\n    [],\n    {\n      "b": '))
})

test('prettyJson() takes time in proportion to the text', () => {
  const text = JSON.stringify(Array.from({ length: 60_000 }, (_, at) => ({ at, list: [{}, []] })))
  const begun = processorMs()
  assert.deepEqual(JSON.parse(prettyJson(text)), JSON.parse(text))
  assert.ok(processorMs() - begun < 5000, 'it took longer than 5 s')
})

for (const [accept, format, expected] of [
  [undefined, undefined, true],
  ['', undefined, true],
  ['*/*', undefined, true],
  ['application/*', undefined, true],
  ['application/pdf', undefined, true],
  ['application/xml', undefined, true],
  ['text/html, application/fhir+json;q=0.9', undefined, true],
  ['application/fhir+json;q=0, image/png', undefined, true],
  ['application/fhir+json', undefined, false],
  ['Application/JSON', undefined, false],
  ['application/fhir+xml', undefined, false],
  ['*/*;q=0.1, application/fhir+json', undefined, false],
  ['image/png', 'json', false],
] as const) {
  test(`wantsContent() is ${expected} for Accept ${accept} and _format ${format}`, () => {
    const parameters = format === undefined ? [] : [['_format', format] as const]
    assert.equal(wantsContent({ headers: { accept }, parameters }), expected)
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { processorMs } from '../../../test/support/processor-time.ts'
import { jsonPatch } from './json-patch.ts'

const stored = '{ "a": 1.50, "b": [1.0, 2.00, {"c": "x"}], "d/e": {"~": null} }'

// biome-ignore format: a table
for (const [what, patch, result] of [
  ['adds a member at the end', '[{"op":"add","path":"/f","value":1.0}]', '{ "a": 1.50, "b": [1.0, 2.00, {"c": "x"}], "d/e": {"~": null},"f":1.0 }'],
  ['adds in place of a member', '[{"op":"add","path":"/a","value":2e1}]', '{ "a": 2e1, "b": [1.0, 2.00, {"c": "x"}], "d/e": {"~": null} }'],
  ['adds an item before another', '[{"op":"add","path":"/b/0","value":0.10}]', '{ "a": 1.50, "b": [0.10,1.0, 2.00, {"c": "x"}], "d/e": {"~": null} }'],
  ['adds an item at the end', '[{"op":"add","path":"/b/-","value":[]},{"op":"add","path":"/b/3/-","value":3}]', '{ "a": 1.50, "b": [1.0, 2.00, {"c": "x"},[3]], "d/e": {"~": null} }'],
  ['removes the first member', '[{"op":"remove","path":"/a"}]', '{ "b": [1.0, 2.00, {"c": "x"}], "d/e": {"~": null} }'],
  ['removes the last member', '[{"op":"remove","path":"/d~1e"}]', '{ "a": 1.50, "b": [1.0, 2.00, {"c": "x"}] }'],
  ['removes the only member', '[{"op":"remove","path":"/b/2/c"}]', '{ "a": 1.50, "b": [1.0, 2.00, {}], "d/e": {"~": null} }'],
  ['removes an item', '[{"op":"remove","path":"/b/1"}]', '{ "a": 1.50, "b": [1.0, {"c": "x"}], "d/e": {"~": null} }'],
  ['replaces behind escapes', '[{"op":"replace","path":"/d~1e/~0","value":"y"}]', '{ "a": 1.50, "b": [1.0, 2.00, {"c": "x"}], "d/e": {"~": "y"} }'],
  ['moves to the letter', '[{"op":"move","from":"/a","path":"/b/1"}]', '{ "b": [1.0,1.50, 2.00, {"c": "x"}], "d/e": {"~": null} }'],
  ['copies to the letter', '[{"op":"copy","from":"/b/1","path":"/g"}]', '{ "a": 1.50, "b": [1.0, 2.00, {"c": "x"}], "d/e": {"~": null},"g":2.00 }'],
  ['tests numbers by their value', '[{"op":"test","path":"/a","value":1.5},{"op":"test","path":"/b/2","value":{"c":"x"}}]', stored],
  ['replaces the whole', '[{"op":"replace","path":"","value":{}}]', '{}'],
  ['does nothing without operations', '[]', stored],
] as const) {
  test(`jsonPatch() ${what}`, () => assert.equal(jsonPatch(stored, patch), result))
}

// biome-ignore format: a table
for (const [what, patch, sentence] of [
  ['a test that fails', '[{"op":"test","path":"/a","value":1.51}]', /operation 1 \(test "\/a"\) the value there is another one/],
  ['a place that is not there', '[{"op":"remove","path":"/b/0"},{"op":"replace","path":"/x/y","value":1}]', /operation 2 .* nothing at \/x$/],
  ['an item beyond the end', '[{"op":"add","path":"/b/4","value":1}]', /no place in an array of 3/],
  ['an index with a zero before it', '[{"op":"remove","path":"/b/01"}]', /nothing at \/b\/01/],
  ['a member of a number', '[{"op":"add","path":"/a/x","value":1}]', /neither an object nor an array/],
  ['a move into itself', '[{"op":"move","from":"/b","path":"/b/0"}]', /move into itself/],
  ['removing everything', '[{"op":"remove","path":""}]', /nothing would be left/],
] as const) {
  test(`jsonPatch() answers 'invalid' for ${what}`, () => {
    assert.throws(() => jsonPatch(stored, patch), { kind: 'invalid', message: sentence })
  })
}

// biome-ignore format: a table
for (const [what, patch] of [
  ['no array', '{}'], ['no JSON', '['], ['an unknown operation', '[{"op":"increment","path":"/a","value":1}]'],
  ['no path', '[{"op":"remove"}]'], ['no value', '[{"op":"add","path":"/a"}]'], ['no source', '[{"op":"move","path":"/a"}]'],
  ['a path without its slash', '[{"op":"remove","path":"a"}]'], ['a false escape', '[{"op":"remove","path":"/~2"}]'], ['an operation that is none', '[1]'],
] as const) {
  test(`jsonPatch() answers 'incorrect' for ${what}`, () => {
    assert.throws(() => jsonPatch(stored, patch), { kind: 'incorrect' })
  })
}

test('jsonPatch() refuses to double a resource again and again', () => {
  const doubling = Array.from({ length: 64 }, () => ({ op: 'copy', from: '/b', path: '/b/-' }))
  assert.throws(() => jsonPatch('{"b":["xxxxxxxx"]}', JSON.stringify(doubling)), { kind: 'too-large' })
})

test('S-25: a long patch is read in its own length', () => {
  const patch = Array.from({ length: 50_000 }, () => ({ op: 'copy', from: '/a', path: '/b' }))
  const started = processorMs()
  assert.equal(jsonPatch('{"a":1}', JSON.stringify(patch)), '{"a":1,"b":1}')
  assert.ok(processorMs() - started < 2000, `${processorMs() - started} ms`)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compact, hasRawLineBreak } from './compact.ts'
import { itemSpans, memberSpan, memberSpans } from './json-text.ts'

const text = '{ "a" : "x\\"}{", "b":[1,{"c":"]"}] ,"d\\u0065":1.50,"f":{"f":null}}'

test('memberSpans() names members and the text of their values', () => {
  assert.deepEqual(
    memberSpans(text).map((span) => [span.key, text.slice(span.valueStart, span.valueEnd)]),
    [
      ['a', '"x\\"}{"'],
      ['b', '[1,{"c":"]"}]'],
      ['de', '1.50'],
      ['f', '{"f":null}'],
    ],
  )
})

test('memberSpans() finds nothing in an empty object', () => assert.deepEqual(memberSpans(' { } '), []))

test('memberSpan() finds a member, also one spelled with escapes', () => {
  assert.equal(memberSpan(text, 'de')?.key, 'de')
  assert.equal(memberSpan(text, 'c'), undefined)
})

test('itemSpans() tells where items stand', () => {
  const array = '[ 1 , "a,b" , [2] , {"x":[3]}, null]'
  assert.deepEqual(
    itemSpans(array).map(({ start, end }) => array.slice(start, end)),
    ['1', '"a,b"', '[2]', '{"x":[3]}', 'null'],
  )
})

for (const [given, wanted] of [
  ['{"a":1}', '{"a":1}'],
  ['{ "a" : 1.0 }\n', '{"a":1.0}'],
  [' {\r\n\t"a b" : " c \\" d " , "e": [ 1 , 2 ] } ', '{"a b":" c \\" d ","e":[1,2]}'],
] as const) {
  test(`compact() of ${JSON.stringify(given)}`, () => assert.equal(compact(given), wanted))
}

test('hasRawLineBreak() looks for line breaks, not for \\n in strings', () => {
  assert.equal(hasRawLineBreak('{"a":"x\\ny"}'), false)
  assert.equal(hasRawLineBreak('{\n}'), true)
})

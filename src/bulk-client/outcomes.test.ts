import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isLasting, issuesOf, plain } from './outcomes.ts'

const outcome = (...codes: string[]) =>
  JSON.stringify({ resourceType: 'OperationOutcome', issue: codes.map((code) => ({ severity: 'error', code })) })

test('issuesOf() takes the most telling text that there is', () => {
  const issue = [
    { severity: 'warning', code: 'invalid', diagnostics: 'long', details: { text: 'short' } },
    { severity: 'error', code: 'invalid', details: { text: 'short' } },
    { code: 'invalid' },
    null,
  ]
  const texts = issuesOf(JSON.stringify({ resourceType: 'OperationOutcome', issue })).map(({ text }) => text)
  assert.deepEqual(texts, ['long', 'short', 'invalid', 'no reason is given'])
  assert.deepEqual(issuesOf('<html>'), [])
})

for (const [text, expected] of [
  [outcome('processing'), true],
  [outcome('processing', 'timeout'), false], // https://hl7.org/fhir/R4/valueset-issue-type.html: transient
  [outcome('exception'), false],
  [outcome(), false],
  ['Internal Server Error', false],
] as const) {
  test(`isLasting() says ${expected} of ${text}`, () => assert.equal(isLasting(text), expected))
}

test('plain() leaves nothing that a terminal would obey', () => {
  assert.equal(plain('a\u001b]0;title\u0007b\r\nc\u202e\u009b2J'), 'a ]0;title b c 2J')
})

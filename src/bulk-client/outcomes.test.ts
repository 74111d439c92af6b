import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isLasting, issuesOf, plain } from './outcomes.ts'

const outcome = (...codes: string[]) =>
  JSON.stringify({ resourceType: 'OperationOutcome', issue: codes.map((code) => ({ severity: 'error', code })) })

test('issuesOf() takes all that is told', () => {
  const issue = [
    { severity: 'warning', code: 'invalid', diagnostics: 'Request 7', details: { text: 'The type is not known' } },
    { severity: 'error', code: 'invalid', details: { text: 'short' } },
    { severity: 'error', code: 'invalid', diagnostics: 'long', details: { text: 'long' } },
    { code: 'invalid' },
    null,
  ]
  const texts = issuesOf(JSON.stringify({ resourceType: 'OperationOutcome', issue })).map(({ text }) => text)
  assert.deepEqual(texts, ['The type is not known (Request 7)', 'short', 'long', 'invalid', 'no reason is given'])
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

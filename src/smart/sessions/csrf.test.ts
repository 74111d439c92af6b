import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csrfToken, isCsrfToken } from './csrf.ts'

test('a token is good for its browser and form alone', () => {
  const token = csrfToken('browser', 'form')
  assert.ok(isCsrfToken(token, 'browser', 'form'))
  for (const [given, browser, form] of [
    [token, 'other', 'form'],
    [token, 'browser', 'other'],
    [token.slice(1), 'browser', 'form'],
    [`${token}x`, 'browser', 'form'],
    ['', 'browser', 'form'],
    [undefined, 'browser', 'form'],
  ] as const) {
    assert.equal(isCsrfToken(given, browser, form), false)
  }
})

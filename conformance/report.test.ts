import assert from 'node:assert/strict'
import { test } from 'node:test'
import { report } from './report.ts'
import type { Run } from './results.ts'

const passed = { id: 's-g-a', shortId: '2.1', title: 'A', isOptional: false, result: 'pass', message: '', errors: [] }
const run: Run = {
  suite: 'us_core_v610',
  data: 'sandbox',
  only: [],
  validator: 'none',
  commit: 'abc',
  startedAt: '2026-01-01T00:00:00Z',
  seconds: 7,
  patients: 'a',
  outcomes: [
    { ...passed, requests: [] },
    {
      ...passed,
      id: 's-g-b',
      isOptional: true,
      result: 'fail',
      message: 'two\nlines',
      errors: ['x', 'y'],
      requests: [],
    },
  ],
}

test('report() says what passed in a line and names each miss with its first fault', () => {
  const [, line, , ...missed] = report([run]).split('\n')
  assert.match(line ?? '', /us_core_v610 +sandbox +none +abc +1 +0 +0 +0 +0 +1 +0 +0 +7$/)
  assert.deepEqual(missed, [
    'us_core_v610 on sandbox: tests that did not pass',
    '  optional fail: 2.1 b "A"',
    '    two lines',
    '    x (and 1 more)',
  ])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countsOf, isMissed, outcomes } from './outcome.ts'

const results = [
  { result: 'fail', optional: false, requests: [], test_group_id: 'group' },
  { test_id: 'a', result: 'pass', optional: false, requests: [{ verb: 'get', url: 'http://x/Patient', status: 200 }] },
  { test_id: 'b', result: 'error', result_message: 'no answer', optional: false, requests: [] },
  {
    test_id: 'c',
    result: 'skip',
    optional: true,
    requests: [],
    messages: [
      { type: 'info', message: 'no fault' },
      { type: 'error', message: 'a fault' },
    ],
  },
  { test_id: 'd', result: 'omit', optional: true, requests: [] },
]

test('outcomes() keeps tests without their groups, with the titles known', () => {
  const [first, , third] = outcomes(results, new Map([['a', { shortId: '2.1', title: 'A' }]]))
  assert.equal(outcomes(results, new Map()).length, 4)
  assert.deepEqual([first?.shortId, first?.title, first?.requests], ['2.1', 'A', ['200 GET http://x/Patient']])
  assert.deepEqual([third?.title, third?.errors], ['', ['a fault']])
})

test('countsOf() counts an error as a failure, required and optional apart', () => {
  const all = outcomes(results, new Map())
  assert.deepEqual(countsOf(all, false), { passed: 1, failed: 1, skipped: 0, omitted: 0 })
  assert.deepEqual(countsOf(all, true), { passed: 0, failed: 0, skipped: 1, omitted: 1 })
})

test('isMissed() takes a skip for a miss and an omission for none', () => {
  assert.deepEqual(outcomes(results, new Map()).map(isMissed), [false, true, true, false])
})

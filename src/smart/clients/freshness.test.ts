import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freshSeconds } from './freshness.ts'

for (const [headers, seconds] of [
  [{}, 300],
  [{ 'cache-control': 'public' }, 300],
  [{ 'cache-control': 'max-age=60' }, 60],
  [{ 'cache-control': 'Public, Max-Age=60' }, 60],
  [{ 'cache-control': 'max-age="60"' }, 60],
  [{ 'cache-control': 'max-age=60, max-age=10' }, 10],
  [{ 'cache-control': 'max-age=60', age: '50' }, 10],
  [{ 'cache-control': 'max-age=60', age: '90' }, 0],
  [{ 'cache-control': 'max-age=abc' }, 0],
  [{ 'cache-control': 'max-age=0' }, 0],
  [{ 'cache-control': 'no-store' }, 0],
  [{ 'cache-control': 'no-cache, max-age=60' }, 0],
  [{ 'cache-control': 'max-age=999999' }, 86_400],
] as const) {
  test(`freshSeconds() of ${JSON.stringify(headers)} is ${seconds}`, () => assert.equal(freshSeconds(headers), seconds))
}

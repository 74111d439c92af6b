import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { App } from '#platform'
import { checkRedirectUri } from './check-redirect-uri.ts'

function app(type: App['type'], ...redirectUris: string[]): App {
  return { type, record: { redirectUris } } as unknown as App
}

const registered = [
  'https://app.example/cb',
  'https://app.example/cb?x=1',
  'http://127.0.0.1/cb',
  'com.example.app:/cb',
]

for (const [type, given] of [
  ['symmetric', 'https://app.example/cb'],
  ['public', 'https://app.example/cb?x=1'],
  ['public', 'http://127.0.0.1:5123/cb'],
  ['public', 'com.example.app:/cb'],
] as const) {
  test(`checkRedirectUri() takes ${given} of a ${type} app`, () => {
    assert.equal(checkRedirectUri(app(type, ...registered), new Map([['redirect_uri', given]])), given)
  })
}

for (const [type, given] of [
  ['public', 'https://app.example/cb/'],
  ['public', 'https://app.example/CB'],
  ['public', 'https://app.example:8443/cb'],
  ['public', 'https://app.example@evil.example/cb'],
  ['public', 'https://app.example.evil.example/cb'],
  ['public', 'https://app.example/cb#x'],
  ['public', 'http://127.0.0.1:5123/other'],
  ['public', 'http://user@127.0.0.1:5123/cb'],
  ['public', 'http://localhost:5123/cb'],
  ['public', 'http://127.0.0.1:5123/cb#x'],
  ['public', 'http://127.0.0.1:5123/c\r\nb'],
  ['public', ' http://127.0.0.1:5123/cb'],
  ['public', 'http:\\\\127.0.0.1:5123/cb'],
  ['symmetric', 'http://127.0.0.1:5123/cb'],
  ['public', 'javascript:alert(1)'],
] as const) {
  test(`checkRedirectUri() refuses ${given} of a ${type} app`, () => {
    assert.throws(
      () => checkRedirectUri(app(type, ...registered), new Map([['redirect_uri', given]])),
      /not registered/,
    )
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressFrom } from './address.ts'

for (const [text, from, href] of [
  ['/status/1', 'https://a.example/fhir/$export', 'https://a.example/status/1'],
  ['https://b.example/x?y=1', 'https://a.example/', 'https://b.example/x?y=1'],
  ['http://a.example/x', 'https://a.example/', 'https://a.example/x'],
  ['http://a.example:80/x', 'https://a.example:8443/', 'https://a.example/x'],
  ['http://b.example/x', 'http://a.example/', 'http://b.example/x'],
] as const) {
  test(`addressFrom() reads ${text} at ${from}`, () => assert.equal(addressFrom(text, new URL(from)).href, href))
}

for (const [text, from, message] of [
  ['http://b.example/x', 'https://a.example/', /leads to http:\/\/b\.example, where data goes unencrypted$/],
  ['http://a.example:8080/x', 'https://a.example/', /unencrypted$/],
  ['file:///etc/passwd', 'http://a.example/', /no address on the web$/],
  ['http://[', 'http://a.example/', /no address on the web$/],
] as const) {
  test(`addressFrom() refuses ${text} at ${from}`, () => {
    assert.throws(() => addressFrom(text, new URL(from)), { name: 'Problem', message })
  })
}

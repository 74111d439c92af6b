import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Practice } from '#http'
import { newId, readCookie, removeCookie, writeCookie } from './cookie.ts'

const plain = { number: 3, root: 'http://localhost:8080/north' } as Practice
const secure = { number: 3, root: 'https://fhir.example/north' } as Practice
const other = { number: 4, root: 'https://fhir.example/south' } as Practice
const id = newId()

test('over https the cookie is this host’s alone, and goes along with the links of other sites', () => {
  assert.equal(writeCookie(secure, id), `__Host-charthouse-3=${id}; Path=/; HttpOnly; SameSite=Lax; Secure`)
})

test('over http, in development, it has no prefix', () => {
  assert.equal(writeCookie(plain, id), `charthouse-3=${id}; Path=/; HttpOnly; SameSite=Lax`)
})

test('removeCookie() takes it away', () => assert.match(removeCookie(secure), /^__Host-charthouse-3=; .*Max-Age=0$/))

for (const [what, header, expected] of [
  ['among others', `a=b; __Host-charthouse-3=${id};c=d`, id],
  ['of another practice', `__Host-charthouse-4=${id}`, undefined],
  ['without its prefix, as http might have set it', `charthouse-3=${id}`, undefined],
  [
    'given twice, as a neighbour host might try',
    `__Host-charthouse-3=${id}; __Host-charthouse-3=${newId()}`,
    undefined,
  ],
  ['of another length', `__Host-charthouse-3=${id}x`, undefined],
  ['empty', '__Host-charthouse-3=', undefined],
  ['not there', undefined, undefined],
] as const) {
  test(`readCookie() of a cookie ${what}`, () => assert.equal(readCookie(secure, header), expected))
}

test('two practices of one host have a cookie each', () => {
  const both = [writeCookie(secure, id), writeCookie(other, newId())].map((line) => line.split(';')[0]).join('; ')
  assert.equal(readCookie(secure, both), id)
  assert.notEqual(readCookie(other, both), id)
})

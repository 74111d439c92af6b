import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'
import { pageToken, readPageToken } from './page-token.ts'

const key = createSecretKey(Buffer.alloc(32, 7))
const start = { path: 'Patient', used: [['name', 'Zoë']], cursor: { after: '1.5' } } as const
const token = pageToken(key, 3, start)

test('readPageToken() answers what pageToken() took in', () => {
  assert.deepEqual(readPageToken(key, 3, token), start)
  assert.match(token, /^[\w-]+\.[\w-]+$/)
})

const [content = '', seal = ''] = token.split('.')
for (const [what, wrong, practice] of [
  ['of another practice', token, 4],
  ['with altered content', `${Buffer.from('["Observation",[],{}]').toString('base64url')}.${seal}`, 3],
  ['without a seal', content, 3],
  ['with an empty seal', `${content}.`, 3],
  ['with something behind', `${token}.x`, 3],
  ['that is empty', '', 3],
] as const) {
  test(`readPageToken() refuses a token ${what}`, () => {
    assert.throws(() => readPageToken(key, practice, wrong), { name: 'Problem', kind: 'incorrect' })
  })
}

test('readPageToken() refuses a token sealed with another key', () => {
  assert.throws(() => readPageToken(createSecretKey(Buffer.alloc(32, 8)), 3, token), { name: 'Problem' })
})

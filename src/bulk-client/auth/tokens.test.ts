import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { backendTokens } from './tokens.ts'

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
const tokenUrl = new URL('https://a.example/token')

/** Answers t1, t2 … that live so long. */
function counting(seconds: number) {
  const clock = { now: 0 }
  let count = 0
  const tokens = backendTokens({
    client: 'client',
    key: { key: privateKey, alg: 'ES384', kid: 'k1' },
    scope: undefined,
    discovered: async () => ({ tokenUrl, capabilities: [], scopes: [] }),
    async ask(url, make) {
      await make()
      const text = JSON.stringify({ access_token: `t${++count}`, expires_in: seconds })
      return { url, status: 200, headers: {}, body: Readable.from([Buffer.from(text)]) }
    },
    now: () => clock.now,
  })
  return { clock, tokens }
}

test('backendTokens() keeps a token until ten seconds before its end', async () => {
  const { clock, tokens } = counting(300)
  assert.equal(await tokens.current(), 't1')
  clock.now = 289_999
  assert.equal(await tokens.current(), 't1')
  clock.now = 290_000
  assert.equal(await tokens.current(), 't2')
})

test('backendTokens() keeps one that lives shorter for half of its life', async () => {
  const { clock, tokens } = counting(10)
  assert.equal(await tokens.current(), 't1')
  clock.now = 4999
  assert.equal(await tokens.current(), 't1')
  clock.now = 5000
  assert.equal(await tokens.current(), 't2')
})

test('backendTokens() asks once for all who wait, and once for all whose token was refused', async () => {
  const { tokens } = counting(300)
  assert.deepEqual(await Promise.all([tokens.current(), tokens.current()]), ['t1', 't1'])
  assert.deepEqual(await Promise.all([tokens.replace('t1'), tokens.replace('t1')]), ['t2', 't2'])
  assert.equal(await tokens.replace('t1'), 't2')
})

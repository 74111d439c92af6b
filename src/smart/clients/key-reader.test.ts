import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { App, KeySet } from '#platform'
import { openKeyReader } from './key-reader.ts'

const url = 'https://app.example/keys'
const app = { client: 'a', record: { keys: { url } } } as unknown as App
const other = { client: 'b', record: { keys: { url } } } as unknown as App

function source(answers: { kids?: string[]; cacheControl?: string; fails?: boolean }) {
  const clock = { now: 1_000_000 }
  const state = { ...answers, reads: 0 }
  const keysOf = openKeyReader({
    now: () => clock.now,
    fetchText: async () => {
      state.reads++
      if (state.fails) throw new Error('it answered 500')
      const text = JSON.stringify({ keys: (state.kids ?? []).map((kid) => ({ kty: 'EC', kid })) })
      return { text, headers: state.cacheControl === undefined ? {} : { 'cache-control': state.cacheControl } }
    },
  })
  const wants = (kid: string) => (set: KeySet) => set.keys.some((key) => key.kid === kid)
  const kids = async (kid: string, of = app) => (await keysOf(of, wants(kid))).set.keys.map((key) => key.kid)
  return { clock, state, kids }
}

for (const [cacheControl, fresh, stale] of [
  [undefined, 299_999, 300_000],
  ['max-age=60', 59_999, 60_000],
  ['max-age=999999', 86_399_999, 86_400_000],
] as const) {
  test(`a set with Cache-Control ${cacheControl} is used until just before ${stale} ms (S-19)`, async () => {
    const { clock, state, kids } = source({ kids: ['k1'], ...(cacheControl && { cacheControl }) })
    await kids('k1')
    clock.now += fresh
    await kids('k1')
    assert.equal(state.reads, 1)
    clock.now += stale - fresh
    await kids('k1')
    assert.equal(state.reads, 2)
  })
}

for (const cacheControl of ['no-store', 'no-cache', 'max-age=0']) {
  test(`a set with Cache-Control ${cacheControl} is read each time`, async () => {
    const { state, kids } = source({ kids: ['k1'], cacheControl })
    await kids('k1')
    await kids('k1')
    assert.equal(state.reads, 2)
  })
}

test('a key that is not known makes the set read again, at most every ten seconds (P14)', async () => {
  const { clock, state, kids } = source({ kids: ['k1'], cacheControl: 'max-age=3600' })
  await kids('k1')
  state.kids = ['k1', 'k2']
  assert.deepEqual(await kids('k2'), ['k1'])
  clock.now += 9999
  assert.deepEqual(await kids('k2'), ['k1'])
  clock.now += 1
  assert.deepEqual(await kids('k2'), ['k1', 'k2'])
  assert.equal(state.reads, 2)
})

test('a key that was taken away is good no longer than Cache-Control says', async () => {
  const { clock, state, kids } = source({ kids: ['k1'], cacheControl: 'max-age=60' })
  await kids('k1')
  state.kids = ['k2']
  clock.now += 60_000
  assert.deepEqual(await kids('k1'), ['k2'])
})

test('after a failure no stale key is used, and the wait before the next attempt grows to a minute', async () => {
  const { clock, state, kids } = source({ kids: ['k1'], cacheControl: 'max-age=60' })
  await kids('k1')
  clock.now += 60_000
  state.fails = true
  await assert.rejects(kids('k1'), /JWKS URL: it answered 500/)
  for (const seconds of [2, 4, 8, 16, 32, 60, 60]) {
    clock.now += seconds * 1000 - 1
    const before = state.reads
    await assert.rejects(kids('k1'), /it is tried again in 1 s/)
    assert.equal(state.reads, before)
    clock.now += 1
    await assert.rejects(kids('k1'), /it answered 500/)
  }
  state.fails = false
  clock.now += 60_000
  assert.deepEqual(await kids('k1'), ['k1'])
})

test('a set that is fresh outlives an attempt to read it again that fails', async () => {
  const { clock, state, kids } = source({ kids: ['k1'], cacheControl: 'max-age=3600' })
  await kids('k1')
  clock.now += 20_000
  state.fails = true
  assert.deepEqual(await kids('unknown'), ['k1'])
  assert.deepEqual(await kids('k1'), ['k1'])
})

test('all who wait for a set read it once', async () => {
  const { state, kids } = source({ kids: ['k1'], cacheControl: 'no-store' })
  await Promise.all(Array.from({ length: 16 }, () => kids('k1')))
  assert.equal(state.reads, 1)
})

test('two apps with the same URL have a set each, so that one cannot hold up the other', async () => {
  const { state, kids } = source({ kids: ['k1'], cacheControl: 'max-age=60' })
  await kids('k1')
  await kids('k1', other)
  assert.equal(state.reads, 2)
})

test('a set that is not one is a failure that says so', async () => {
  const keysOf = openKeyReader({ now: () => 0, fetchText: async () => ({ text: '<html>', headers: {} }) })
  await assert.rejects(
    keysOf(app, () => true),
    /JWKS URL: The key set cannot be read: it is not JSON/,
  )
})

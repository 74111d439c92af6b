import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ManifestItem, readManifest, renewed } from './manifest.ts'

const at = new URL('https://a.example/status/1')

test('readManifest() reads all three lists, and what 4.0.0 calls outcome', () => {
  const manifest = readManifest(
    JSON.stringify({
      transactionTime: '2026-01-01T00:00:00Z',
      requiresAccessToken: true,
      output: [{ type: 'Patient', url: '/1', count: 3, fileSize: 99 }],
      deleted: [{ url: 'https://b.example/2' }],
      error: null,
      outcome: [{ url: '/3', count: '7' }],
      link: [{ relation: 'next', url: '/status/2' }],
    }),
    at,
  )
  assert.deepEqual(
    manifest.items.map(({ kind, type, url, count, bytes }) => [kind, type, url.href, count, bytes]),
    [
      ['output', 'Patient', 'https://a.example/1', 3, 99],
      ['deleted', undefined, 'https://b.example/2', undefined, undefined],
      ['error', undefined, 'https://a.example/3', undefined, undefined],
    ],
  )
  assert.deepEqual([manifest.requiresAccessToken, manifest.next?.href], [true, 'https://a.example/status/2'])
})

for (const text of ['', 'null', '[]', '"x"', '<html>', '{"resourceType":"OperationOutcome"}', '{"output":[{}]}']) {
  test(`readManifest() refuses ${text || 'nothing'}`, () => {
    assert.throws(() => readManifest(text, at), { name: 'Problem' })
  })
}

const item = (url: string, more: Partial<ManifestItem> = {}): ManifestItem => ({
  ...{ kind: 'output', type: 'Patient', url: new URL(url, at), count: 1, bytes: undefined },
  ...more,
})

test('renewed() keeps the order in which the files were named', () => {
  const before = [item('/1'), item('/2')]
  assert.equal(renewed(before, [item('/2'), item('/1')]), before)
})

test('renewed() takes fresh addresses of the same files', () => {
  const now = [item('/1?s=b'), item('/2?s=b')]
  assert.equal(renewed([item('/1?s=a'), item('/2?s=a')], now), now)
})

for (const [name, now] of [
  ['more files', [item('/1?s=b'), item('/2?s=b'), item('/3?s=b')]],
  ['another order at fresh addresses', [item('/2?s=b'), item('/1?s=b')]],
  ['other counts', [item('/1?s=b', { count: 2 }), item('/2?s=b')]],
] as const) {
  test(`renewed() refuses ${name}`, () => {
    assert.throws(() => renewed([item('/1?s=a'), item('/2?s=a')], now), { kind: 'conflict' })
  })
}

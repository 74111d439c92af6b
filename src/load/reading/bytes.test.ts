import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { decompressed, peeked } from './bytes.ts'

const text = Buffer.from('{"resourceType":"Patient","id":"a"}\n'.repeat(5000))
const lines = text.toString().match(/.{1,1000}/gs) ?? []
const skippable = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3])
const half = text.length / 2

for (const [name, bytes] of [
  ['plain bytes', text],
  ['gzip', gzipSync(text)],
  ['gzip of two members', Buffer.concat([gzipSync(text.subarray(0, half)), gzipSync(text.subarray(half))])],
  ['zstandard', zstdCompressSync(text)],
  [
    'zstandard of two frames',
    Buffer.concat([zstdCompressSync(text.subarray(0, half)), zstdCompressSync(text.subarray(half))]),
  ],
  ['zstandard with a frame to skip', Buffer.concat([skippable, zstdCompressSync(text), skippable])],
  ['zstandard of many frames', Buffer.concat(lines.map((line) => zstdCompressSync(line)))],
  ['nothing', Buffer.alloc(0)],
  ['two bytes', Buffer.from('{}')],
] as const) {
  test(`decompressed() reads ${name}, a byte at first`, async () => {
    const read = await all(await decompressed(chunks(bytes, 1, 100_000)))
    assert.ok(read.equals(bytes.length < 3 ? bytes : text), `${read.length} bytes were read`)
  })
}

for (const [name, bytes] of [
  ['gzip', gzipSync(text)],
  ['zstandard', zstdCompressSync(text)],
] as const) {
  test(`decompressed() throws when ${name} is cut short`, async () => {
    const cut = bytes.subarray(0, bytes.length - 10)
    await assert.rejects(async () => all(await decompressed(chunks(cut, 20))), /unexpected end/)
  })
}

test('peeked() gives the beginning and everything again', async () => {
  const { head, all: again } = await peeked(chunks(Buffer.from('abcdef'), 2, 2), 3)
  assert.equal(head.toString(), 'abcd')
  assert.equal((await all(again)).toString(), 'abcdef')
})

async function* chunks(bytes: Buffer, ...sizes: number[]) {
  let at = 0
  for (let turn = 0; at < bytes.length; turn++) {
    const size = sizes[Math.min(turn, sizes.length - 1)] ?? 1
    yield bytes.subarray(at, at + size)
    at += size
  }
}

async function all(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const read: Buffer[] = []
  for await (const chunk of source) read.push(chunk)
  return Buffer.concat(read)
}

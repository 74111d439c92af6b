import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { FileStore } from '#files'
import type { ExportFile } from '../export.ts'
import { contentOf } from './content.ts'

const text = randomBytes(3_000_000).toString('base64') // more than any buffer on its way
const packed = gzipSync(text)

const file: ExportFile = {
  ...{
    seq: 1,
    kind: 'output',
    type: 'Patient',
    name: 'Patient-1.ndjson',
    stored: 'exports/1/x/y.ndjson',
    lines: 1,
  },
  ...{ encoding: 'gzip', bytes: text.length, storedBytes: packed.length },
}

function* pieces() {
  for (let at = 0; at < packed.length; at += 65_536) yield packed.subarray(at, at + 65_536)
}

function stored() {
  const stream = Readable.from(pieces(), { objectMode: false })
  const files = { open: async () => ({ size: packed.length, stream }) } as Partial<FileStore> as FileStore
  return { stream, files }
}

test('a part of a packed file is unpacked for who takes it plain, and no more is read', async () => {
  const { files, stream } = stored()
  const part = await contentOf('e', file, undefined).open(files, { start: 3, end: 20 })
  assert.equal(Buffer.concat(await Array.fromAsync(part)).toString(), text.slice(3, 20))
  assert.ok(stream.destroyed)
})

test('a packed file of which nothing is read is closed with what unpacks it', async () => {
  const { files, stream } = stored()
  const opened = await contentOf('e', file, undefined).open(files, { start: 0, end: text.length })
  const closed = new Promise((resolve) => stream.on('close', resolve))
  opened.destroy()
  await closed
})

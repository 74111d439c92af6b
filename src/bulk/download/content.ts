import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { ByteRange, FileStore } from '#files'
import { Problem } from '#lib'
import type { ExportFile } from '../export.ts'

/** A file as one client is given it: packed as it is stored, or not. */
export interface Content {
  readonly isPacked: boolean
  /** Of what is sent when no part is asked for. */
  readonly length: number
  /** Changes with the bytes that are sent, and never for the same ones. */
  readonly etag: string
  open(files: FileStore, range: ByteRange): Promise<Readable>
}

export function contentOf(exportId: string, file: ExportFile, accepted: string | undefined): Content {
  const isPacked = file.encoding === 'gzip' && acceptsGzip(accepted)
  const isUnpacked = file.encoding === 'gzip' && !isPacked
  return {
    isPacked,
    length: isUnpacked ? file.bytes : file.storedBytes,
    etag: `"${exportId}.${file.seq}${isPacked ? '.gzip' : ''}"`,
    open: (files, range) => (isUnpacked ? openUnpacked(files, file, range) : openStored(files, file, range)),
  }
}

function acceptsGzip(accepted = ''): boolean {
  const parts = accepted
    .toLowerCase()
    .split(',')
    .map((part) => part.trim())
  return parts.some((part) => /^(x-)?gzip\b/.test(part) && !/;\s*q\s*=\s*0(\.0*)?$/.test(part))
}

async function openStored(files: FileStore, { stored }: ExportFile, range?: ByteRange): Promise<Readable> {
  const opened = await files.open(stored, range)
  if (!opened) throw new Problem('gone', 'The file is not there any more; start another export')
  return opened.stream
}

async function openUnpacked(files: FileStore, file: ExportFile, range: ByteRange): Promise<Readable> {
  const packed = await openStored(files, file)
  const unpacking = createGunzip()
  pipeline(packed, unpacking, () => {}) // whoever reads is told of a failure
  // also of a client that is gone before anything was read
  return Readable.from(partOf(unpacking, range), { objectMode: false }).once('close', () => unpacking.destroy())
}

async function* partOf(stream: Readable, { start, end }: ByteRange) {
  let at = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const part = chunk.subarray(Math.max(0, start - at), Math.max(0, end - at))
    if (part.length > 0) yield part
    at += chunk.length
    if (at >= end) return
  }
}

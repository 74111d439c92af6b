import { Readable } from 'node:stream'
import { checkFileName, checkFolderName, markerFolder } from '../file-name.ts'
import type { ByteRange, MarkedStore, OpenFile } from '../file-store.ts'
import { type Bucket, openBucket, type S3Settings } from './bucket.ts'
import { removeBelow } from './remove-below.ts'
import { s3Writer } from './s3-writer.ts'

/** Files below a prefix of a bucket. */
export async function openS3Store(settings: S3Settings): Promise<MarkedStore> {
  const bucket = await openBucket(settings)
  const { s3, name: Bucket, prefix, place, ask } = bucket
  const markers = `${prefix}${markerFolder}/`

  /** The first page of what lies below, without what consoles put there for a folder. */
  async function keys(Prefix: string): Promise<string[]> {
    const page = await ask(s3.listObjectsV2({ Bucket, Prefix }))
    return (page?.Contents ?? []).flatMap(({ Key = '' }) => (Key.endsWith('/') ? [] : [Key]))
  }

  return {
    place,
    async create(name) {
      checkFileName(name)
      return s3Writer(bucket, `${prefix}${name}`)
    },
    async open(name, range) {
      checkFileName(name)
      return openObject(bucket, `${prefix}${name}`, range)
    },
    async removeFolder(folder) {
      checkFolderName(folder)
      await removeBelow(bucket, `${prefix}${folder}/`)
    },
    isEmpty: async () => (await keys(prefix)).every((key) => key.startsWith(markers)),
    markers: async () => (await keys(markers)).map((key) => key.slice(markers.length)),
    async putMarker(marker) {
      await ask(s3.putObject({ Bucket, Key: `${markers}${marker}`, Body: Buffer.alloc(0) }))
    },
    async removeMarker(marker) {
      await ask(s3.deleteObject({ Bucket, Key: `${markers}${marker}` }))
    },
    async close() {
      s3.destroy()
    },
  }
}

async function openObject(bucket: Bucket, Key: string, range?: ByteRange): Promise<OpenFile | undefined> {
  const { s3, name: Bucket, ask } = bucket
  if (range && range.start >= range.end) return openNothing(bucket, Key)
  const Range = range && `bytes=${range.start}-${range.end - 1}`
  const object = await ask(s3.getObject({ Bucket, Key, ...(Range && { Range }) }), ['NoSuchKey', 'InvalidRange'])
  if (!object) return openNothing(bucket, Key)
  const size = Number(object.ContentRange?.split('/')[1] ?? object.ContentLength)
  return { size, stream: object.Body as Readable } // in Node it is one
}

/** A part of no bytes, which S3 does not know. */
async function openNothing({ s3, name: Bucket, ask }: Bucket, Key: string): Promise<OpenFile | undefined> {
  const head = await ask(s3.headObject({ Bucket, Key }), ['NotFound', 'NoSuchKey'])
  return head && { size: head.ContentLength ?? 0, stream: Readable.from([]) }
}

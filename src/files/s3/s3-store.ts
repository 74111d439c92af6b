import { Readable } from 'node:stream'
import { checkFileName, checkFolderName, markerName } from '../file-name.ts'
import type { ByteRange, MarkedStore, OpenFile } from '../file-store.ts'
import { type Bucket, openBucket, type S3Settings } from './bucket.ts'
import { removeBelow } from './remove-below.ts'
import { s3Writer } from './s3-writer.ts'

/** Files below a prefix of a bucket. */
export async function openS3Store(settings: S3Settings): Promise<MarkedStore> {
  const bucket = await openBucket(settings)
  const { s3, name: Bucket, prefix, place, ask } = bucket
  const marker = { Bucket, Key: `${prefix}${markerName}` }
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
    async isEmpty() {
      const page = await ask(s3.listObjectsV2({ Bucket, Prefix: prefix, MaxKeys: 2 }))
      return (page?.Contents ?? []).every(({ Key }) => Key === marker.Key)
    },
    async marker() {
      const object = await ask(s3.getObject(marker), ['NoSuchKey'])
      return object?.Body?.transformToString()
    },
    async putMarker(Body) {
      const isLate = ['PreconditionFailed', 'ConditionalRequestConflict'] // another process was first
      await ask(s3.putObject({ ...marker, Body, IfNoneMatch: '*' }), isLate)
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

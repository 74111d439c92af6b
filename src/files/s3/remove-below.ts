import type { Bucket } from './bucket.ts'

const atOnce = 16

/** Removes all objects whose keys begin so; unfinished uploads first, so that none becomes an object afterwards. */
export async function removeBelow(bucket: Bucket, Prefix: string): Promise<void> {
  const { s3, name: Bucket, ask } = bucket
  for await (const uploads of uploadsBelow(bucket, Prefix)) {
    await forEach(uploads, ({ Key, UploadId }) =>
      ask(s3.abortMultipartUpload({ Bucket, Key, UploadId }), ['NoSuchUpload']),
    )
  }
  for await (const objects of objectsBelow(bucket, Prefix)) {
    await forEach(objects, ({ Key }) => ask(s3.deleteObject({ Bucket, Key })))
  }
}

async function* uploadsBelow({ s3, name: Bucket, ask }: Bucket, Prefix: string) {
  let from = {}
  for (let isMore = true; isMore; ) {
    const page = await ask(s3.listMultipartUploads({ Bucket, Prefix, ...from }), ['NotImplemented']) // then it ends them itself
    yield page?.Uploads ?? []
    from = { KeyMarker: page?.NextKeyMarker, UploadIdMarker: page?.NextUploadIdMarker }
    isMore = page?.IsTruncated ?? false
  }
}

async function* objectsBelow({ s3, name: Bucket, ask }: Bucket, Prefix: string) {
  let from = {}
  for (let isMore = true; isMore; ) {
    const page = await ask(s3.listObjectsV2({ Bucket, Prefix, ...from }))
    yield page?.Contents ?? []
    from = { ContinuationToken: page?.NextContinuationToken }
    isMore = page?.IsTruncated ?? false
  }
}

async function forEach<Value>(values: readonly Value[], run: (value: Value) => Promise<unknown>) {
  for (let start = 0; start < values.length; start += atOnce) {
    await Promise.all(values.slice(start, start + atOnce).map(run))
  }
}

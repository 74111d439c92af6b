import type { CompletedPart } from '@aws-sdk/client-s3'
import type { FileWriter } from '../file-store.ts'
import type { Bucket } from './bucket.ts'

/** S3 takes at most 10,000 parts: files of up to 80 GB. */
const partBytes = 8 << 20

/** Parts in memory, whether they are filled or on their way. */
const mostParts = 2

/** A file is sent in parts, and is there once they are put together; one that fits into a part is sent at once at the end. */
export function s3Writer({ s3, name: Bucket, ask }: Bucket, Key: string): FileWriter {
  const abandoned = new AbortController()
  const options = { abortSignal: abandoned.signal }
  const free = Array.from({ length: mostParts }, () => undefined as Buffer | undefined)
  const sending = new Set<Promise<void>>()
  const sent: CompletedPart[] = []
  let uploadId: string | undefined
  let part: Buffer | undefined
  let filled = 0
  let size = 0
  let failure: unknown

  async function freeBuffer(): Promise<Buffer> {
    while (free.length === 0) await Promise.race(sending)
    if (failure) throw failure
    return free.pop() ?? Buffer.allocUnsafeSlow(partBytes)
  }

  async function send(buffer: Buffer, length: number) {
    uploadId ??= (
      await ask(s3.createMultipartUpload({ Bucket, Key, ContentType: 'application/octet-stream' }, options))
    )?.UploadId
    const PartNumber = sent.push({})
    const request = { Bucket, Key, UploadId: uploadId, PartNumber, Body: buffer.subarray(0, length) }
    const answer = ask(s3.uploadPart(request, options))
      .then((told) => {
        sent[PartNumber - 1] = { PartNumber, ETag: told?.ETag }
      })
      .catch((error) => {
        failure ??= error // told by the next write() or finish()
      })
      .finally(() => {
        free.push(buffer)
        sending.delete(answer)
      })
    sending.add(answer)
  }

  async function write(bytes: Buffer) {
    for (let taken = 0; taken < bytes.length; ) {
      part ??= await freeBuffer()
      const count = bytes.copy(part, filled, taken)
      taken += count
      filled += count
      size += count
      if (filled < partBytes) return
      await send(part, filled)
      part = undefined
      filled = 0
    }
    if (failure) throw failure
  }

  async function finish() {
    if (uploadId === undefined) {
      await ask(s3.putObject({ Bucket, Key, Body: part?.subarray(0, filled) ?? Buffer.alloc(0) }, options))
      return { size }
    }
    if (part && filled > 0) await send(part, filled)
    await Promise.all(sending)
    if (failure) throw failure
    await ask(
      s3.completeMultipartUpload({ Bucket, Key, UploadId: uploadId, MultipartUpload: { Parts: sent } }, options),
    )
    return { size }
  }

  async function abort() {
    abandoned.abort()
    await Promise.all(sending)
    if (uploadId === undefined) return
    await s3.abortMultipartUpload({ Bucket, Key, UploadId: uploadId }).catch(() => {}) // it goes with its folder
  }

  return { write, finish, abort }
}

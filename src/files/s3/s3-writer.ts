import type { CompletedPart } from '@aws-sdk/client-s3'
import type { FileWriter } from '../file-store.ts'
import type { Bucket } from './bucket.ts'
import { partBytes } from './part-buffers.ts'

/** Parts that a writer has in memory, whether they are being filled or are on their way. */
const mostParts = 2

/** A file is sent in parts, and is there once they are put together; one that fits into a part is sent at once at the end. */
export function s3Writer({ s3, name: Bucket, ask, buffers }: Bucket, Key: string): FileWriter {
  const abandoned = new AbortController()
  const options = { abortSignal: abandoned.signal }
  const sending = new Set<Promise<void>>()
  const sent: CompletedPart[] = []
  let uploadId: string | undefined
  let part: Buffer | undefined
  let filled = 0
  let size = 0
  let failure: unknown

  async function freePart(): Promise<Buffer> {
    while (sending.size === mostParts) await Promise.race(sending)
    if (failure) throw failure
    return buffers.take()
  }

  async function begin(): Promise<string | undefined> {
    const upload = await ask(
      s3.createMultipartUpload({ Bucket, Key, ContentType: 'application/octet-stream' }, options),
    )
    return upload?.UploadId
  }

  function send(buffer: Buffer, length: number) {
    const PartNumber = sent.push({}) // in its place, whichever arrives first
    const request = { Bucket, Key, UploadId: uploadId, PartNumber, Body: buffer.subarray(0, length) }
    const answer = ask(s3.uploadPart(request, options))
      .then((told) => {
        sent[PartNumber - 1] = { PartNumber, ETag: told?.ETag }
      })
      .catch((error) => {
        failure ??= error // told by the next write() or finish()
      })
      .finally(() => {
        buffers.give(buffer)
        sending.delete(answer)
      })
    sending.add(answer)
  }

  async function sendPart() {
    if (!part) return
    uploadId ??= await begin()
    send(part, filled)
    part = undefined
    filled = 0
  }

  async function sendWhole() {
    await ask(s3.putObject({ Bucket, Key, Body: part?.subarray(0, filled) ?? Buffer.alloc(0) }, options))
    if (part) buffers.give(part)
    part = undefined
  }

  return {
    async write(bytes) {
      for (let taken = 0; taken < bytes.length; ) {
        part ??= await freePart()
        const count = bytes.copy(part, filled, taken)
        taken += count
        filled += count
        size += count
        if (filled === partBytes) await sendPart()
      }
      if (failure) throw failure
    },

    async finish() {
      if (uploadId === undefined) await sendWhole()
      else {
        await sendPart()
        await Promise.all(sending)
        if (failure) throw failure
        const MultipartUpload = { Parts: sent }
        await ask(s3.completeMultipartUpload({ Bucket, Key, UploadId: uploadId, MultipartUpload }, options))
      }
      return { size }
    },

    async abort() {
      abandoned.abort()
      await Promise.all(sending)
      if (uploadId === undefined) return
      await s3.abortMultipartUpload({ Bucket, Key, UploadId: uploadId }).catch(() => {}) // it goes with its folder
    },
  }
}

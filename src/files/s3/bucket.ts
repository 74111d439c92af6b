import type { S3, S3ClientConfig } from '@aws-sdk/client-s3'
import { type PartBuffers, partBuffers } from './part-buffers.ts'
import { s3Failure } from './s3-failure.ts'

/** Where the files are in S3-compatible storage. */
export interface S3Settings {
  readonly bucket: string
  readonly endpoint: string | undefined
  readonly region: string | undefined
  /** Ends with "/", or is empty. */
  readonly prefix: string
  readonly accessKey: string | undefined
  readonly secretKey: string | undefined
  readonly isPathStyle: boolean
}

export interface Bucket {
  readonly s3: S3
  readonly name: string
  readonly prefix: string
  readonly buffers: PartBuffers
  /** For sentences. */
  readonly place: string
  /** What the storage answers; a failure becomes a Problem, except those named: they answer undefined. */
  ask<Answer>(answer: Promise<Answer>, expected?: readonly string[]): Promise<Answer | undefined>
}

export async function openBucket(settings: S3Settings): Promise<Bucket> {
  const { bucket: name, endpoint, prefix } = settings
  const { S3 } = await import('@aws-sdk/client-s3') // 35 MB of memory that an installation with files on disk spares
  const place = `bucket "${name}" at ${endpoint ?? 'Amazon S3'}${prefix && `, ${prefix}`}`
  const s3 = new S3(clientConfig(settings))
  s3.middlewareStack.add(
    (next) => async (step: Parameters<typeof next>[0]) => {
      await hashBody((step as { request: Sent }).request)
      return next(step)
    },
    { step: 'build' },
  )
  return {
    s3,
    name,
    prefix,
    buffers: partBuffers(),
    place,
    async ask(answer, expected = []) {
      try {
        return await answer
      } catch (error) {
        if (expected.includes((error as Error).name)) return undefined
        throw s3Failure(place, error)
      }
    },
  }
}

interface Sent {
  readonly headers: Record<string, string>
  readonly body?: unknown
}

/** The hash of what is sent, made beside this thread: by the SDK all that this process does would wait 10 ms for each part. */
async function hashBody({ headers, body }: Sent) {
  if (!Buffer.isBuffer(body)) return
  const hash = await crypto.subtle.digest('SHA-256', body as Buffer<ArrayBuffer>)
  headers['x-amz-content-sha256'] = Buffer.from(hash).toString('hex')
}

function clientConfig({ endpoint, region, accessKey, secretKey, isPathStyle }: S3Settings): S3ClientConfig {
  const usedRegion = region ?? (endpoint === undefined ? undefined : 'us-east-1') // storage of one's own seldom has regions
  const agent = { keepAlive: true, maxSockets: 1000 } // each slow download holds one; the SDK's 50 would stop the exports
  return {
    ...(endpoint !== undefined && { endpoint }),
    ...(usedRegion !== undefined && { region: usedRegion }),
    ...(accessKey !== undefined &&
      secretKey !== undefined && {
        credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
      }),
    forcePathStyle: isPathStyle,
    expectContinueHeader: false, // the SDK opens a new connection for each request with it
    requestChecksumCalculation: 'WHEN_REQUIRED', // bodies are hashed for the signature; not every storage knows the newer sums
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 5_000, socketTimeout: 120_000, httpAgent: agent, httpsAgent: agent },
  }
}

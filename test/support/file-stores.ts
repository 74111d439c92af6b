import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FileSettings } from '#files'
import { type S3Server, s3Server } from './s3-server.ts'

/** Where a test keeps files; it is gone afterwards. */
export interface TestFiles extends AsyncDisposable {
  readonly settings: FileSettings
}

/** A way to keep files that the same tests run with. */
export interface KindOfFiles {
  readonly kind: string
  readonly files: () => Promise<TestFiles>
}

export async function filesOnDisk(): Promise<TestFiles> {
  const dataDir = await mkdtemp(join(tmpdir(), 'charthouse-files-'))
  return { settings: { dataDir }, [Symbol.asyncDispose]: () => rm(dataDir, { recursive: true }) }
}

export async function filesInBucket(): Promise<TestFiles & { readonly server: S3Server }> {
  const server = await s3Server()
  return { settings: bucketSettings(server), server, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

export function bucketSettings({ endpoint, bucket, key }: S3Server): FileSettings {
  return {
    dataDir: '',
    s3Bucket: bucket,
    s3Endpoint: endpoint,
    s3Prefix: 'charthouse',
    s3AccessKey: key.accessKey,
    s3SecretKey: key.secretKey,
    s3PathStyle: true,
  }
}

/** A bucket of storage that runs already, by the SDK's own variables for its key: for trying another maker's by hand. */
const { TEST_S3_ENDPOINT: s3Endpoint, TEST_S3_BUCKET: s3Bucket = 'test' } = process.env

async function filesInGivenBucket(): Promise<TestFiles> {
  const settings = { dataDir: '', s3Endpoint, s3Bucket, s3Prefix: randomUUID(), s3PathStyle: true }
  return { settings, async [Symbol.asyncDispose]() {} }
}

export const kindsOfFiles: readonly KindOfFiles[] = [
  { kind: 'disk', files: filesOnDisk },
  { kind: 'a bucket', files: filesInBucket },
  ...(s3Endpoint ? [{ kind: `a bucket at ${s3Endpoint}`, files: filesInGivenBucket }] : []),
]

import { join } from 'node:path'
import { openDiskStore } from './disk/disk-store.ts'
import type { FileStore, MarkedStore } from './file-store.ts'
import { checkMarker, type FirstMarker } from './marker.ts'
import { openS3Store } from './s3/s3-store.ts'

/** Where the files are, as the settings say it. */
export interface FileSettings {
  readonly dataDir: string
  /** `dataDir`/files unless given. */
  readonly filesDir?: string | undefined
  /** Given: files are in this bucket, and not on disk. */
  readonly s3Bucket?: string | undefined
  readonly s3Endpoint?: string | undefined
  readonly s3Region?: string | undefined
  readonly s3Prefix?: string | undefined
  readonly s3AccessKey?: string | undefined
  readonly s3SecretKey?: string | undefined
  readonly s3PathStyle?: boolean | undefined
}

/**
 * The store of the installation's files, which has been seen to be this installation's.
 * `firstMarker` keeps the store's first marker in the database; without it, machines with folders of their own are not told apart.
 */
export async function openFileStore(
  settings: FileSettings,
  installationId: string,
  firstMarker: FirstMarker = async (marker) => marker,
): Promise<FileStore> {
  const store = await openUnchecked(settings)
  try {
    await checkMarker(store, installationId, firstMarker)
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}

async function openUnchecked(settings: FileSettings): Promise<MarkedStore> {
  if (settings.s3Bucket === undefined) return openDiskStore(settings.filesDir ?? join(settings.dataDir, 'files'))
  const prefix = (settings.s3Prefix ?? '').replace(/^\/+|\/+$/g, '')
  return openS3Store({
    bucket: settings.s3Bucket,
    endpoint: settings.s3Endpoint,
    region: settings.s3Region,
    prefix: prefix && `${prefix}/`,
    accessKey: settings.s3AccessKey,
    secretKey: settings.s3SecretKey,
    isPathStyle: settings.s3PathStyle ?? settings.s3Endpoint !== undefined,
  })
}

import { join } from 'node:path'
import { openDiskStore } from './disk/disk-store.ts'
import type { FileStore, MarkedStore } from './file-store.ts'
import { checkMarker, type FirstStore } from './marker.ts'

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
 * `firstStore` keeps the id of the first store in the database; without it, machines with folders of their own are not told apart.
 */
export async function openFileStore(
  settings: FileSettings,
  installationId: string,
  firstStore: FirstStore = async (storeId) => storeId,
): Promise<FileStore> {
  const store = await openUnchecked(settings)
  try {
    await checkMarker(store, installationId, firstStore)
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}

async function openUnchecked(settings: FileSettings): Promise<MarkedStore> {
  return openDiskStore(settings.filesDir ?? join(settings.dataDir, 'files'))
}

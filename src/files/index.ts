/** The installation's store of files (exports), on local disk or in S3-compatible storage, the same for all its processes. */
export type { ByteRange, FileStore, FileWriter, OpenFile } from './file-store.ts'
export type { FirstMarker } from './marker.ts'
export { type FileSettings, openFileStore } from './open-file-store.ts'

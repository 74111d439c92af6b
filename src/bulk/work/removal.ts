import type { FileStore } from '#files'
import type { Job } from '#jobs'
import { type RemoveJob, removeKind } from '../records/remove-store.ts'
import { folderOf } from './walk.ts'

/** Removes the files of an export that was deleted, failed or expired; whoever reads one on disk reads it to its end. */
export function removalJob(files: FileStore): Job<RemoveJob> {
  return {
    name: removeKind,
    payload: (stored) => stored as RemoveJob,
    run: ({ practice, payload }) => files.removeFolder(folderOf({ practice, id: payload.export })),
  }
}

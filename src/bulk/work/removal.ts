import type { Database } from '#db'
import type { FileStore } from '#files'
import type { Job } from '#jobs'
import { forgetWork } from '../records/parts-store.ts'
import { type RemoveJob, removeKind } from '../records/remove-store.ts'
import { folderOf } from './walk.ts'

/** Removes the files of an export that was deleted, failed or expired; whoever reads one on disk reads it to its end. */
export function removalJob(db: Database, files: FileStore): Job<RemoveJob> {
  return {
    name: removeKind,
    payload: (stored) => stored as RemoveJob,
    async run({ practice, payload: { export: id } }) {
      await files.removeFolder(folderOf({ practice, id }))
      await forgetWork(db, practice, id)
    },
  }
}

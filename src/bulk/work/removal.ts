import type { Database } from '#db'
import type { FileStore } from '#files'
import { type Job, Postponed } from '#jobs'
import { Problem } from '#lib'
import { forgetWork } from '../records/parts-store.ts'
import { type RemoveJob, removeKind } from '../records/remove-store.ts'
import { folderOf } from './walk.ts'

const againSeconds = 300

/**
 * Removes the files of an export that was deleted, failed or expired; whoever reads one on disk reads it to its end. It is
 * never given up: what patients' records are in stays nowhere because the file store was away for a while.
 */
export function removalJob(db: Database, files: FileStore): Job<RemoveJob> {
  return {
    name: removeKind,
    isWaiting: true, // for the file store: the next export does not wait for that of the one before
    payload: (stored) => stored as RemoveJob,
    async run({ practice, payload: { export: id } }) {
      await files.removeFolder(folderOf({ practice, id })).catch(postpone)
      await forgetWork(db, practice, id)
    },
  }
}

function postpone(error: unknown): never {
  if (!(error instanceof Problem) || error.kind !== 'unavailable') throw error
  throw new Postponed(error.message, againSeconds)
}

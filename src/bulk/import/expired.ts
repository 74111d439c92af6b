import type { Database } from '#db'
import type { FileStore } from '#files'
import { folderOf } from './records/import.ts'
import { expiredImports, removeImports } from './records/imports-store.ts'

/** Removes imports whose result can be asked for no longer, with their files; how many. */
export function removeExpiredImports(files: () => Promise<FileStore>) {
  return async (db: Database, practice: number): Promise<number> => {
    const ids = await expiredImports(db, practice)
    for (const id of ids) await (await files()).removeFolder(folderOf(practice, id))
    await db.transaction((transaction) => removeImports(transaction, practice, ids))
    return ids.length
  }
}

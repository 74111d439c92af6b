import { randomUUID } from 'node:crypto'
import type { Settings } from '#config'
import type { Database } from '#db'
import { type FileStore, openFileStore } from '#files'
import { firstInstallationNote } from '#platform'

export interface Files {
  /** The installation's store, opened and seen to be its own when it is first asked for. */
  open(): Promise<FileStore>
  close(): Promise<void>
}

export function filesOf(settings: Settings, db: Database): Files {
  let opening: Promise<FileStore> | undefined

  async function openNow(): Promise<FileStore> {
    const id = await firstInstallationNote(db, 'id', randomUUID())
    return openFileStore(settings, id, (marker) => firstInstallationNote(db, 'file-store', marker))
  }

  return {
    open() {
      opening ??= openNow().catch((error) => {
        opening = undefined // it may be mended while we run
        throw error
      })
      return opening
    },
    async close() {
      const opened = await opening?.catch(() => undefined)
      await opened?.close()
    },
  }
}
